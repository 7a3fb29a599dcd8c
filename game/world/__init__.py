"""How a level becomes tables: file, tiles, rules, dynamics, dice."""
