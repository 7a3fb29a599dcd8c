// The board: tiles, the way of the shown episode, and arrows as long as the probabilities.

/** Cells smaller than this many pixels have no arrows: the direction is a hue, its certainty the strength of it. */
const SMALLEST_ARROWS = 14;
/** No cell is larger than a tile's picture. */
const LARGEST = 128;
/** The side of a cell in close-up, about. */
const CLOSE = 34;

const dark = matchMedia("(prefers-color-scheme: dark)");
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function picture(address) {
  const image = new Image();
  image.src = address;
  return image;
}

const pictures = new Map([...Object.entries(run.tiles), ...(run.coin ? [["coin", run.coin]] : [])].map(
  ([name, tile]) => [name, { light: picture(tile.light), dark: picture(tile.dark) }]));

class Board {
  constructor(canvas) {
    this.canvas = canvas;
    this.closeUp = false;
    this.from = [0, 0];
  }

  /** Take as much room as there is: `across` and `down` in pixels; in close-up the cell [row, column] is in sight. */
  fit(across, down, [row, column]) {
    this.span = [height, width];
    const whole = Math.min(across / width, down / height, LARGEST);
    this.tooSmall = whole < SMALLEST_ARROWS;
    this.cell = whole < 4 ? whole : Math.floor(whole);
    if (this.closeUp && this.tooSmall) {
      const side = Math.floor(Math.min(across, down) / CLOSE);
      this.span = [Math.min(height, side), Math.min(width, side)];
      this.cell = Math.floor(Math.min(across, down) / side);
    }
    const middle = [row, column].map((place, axis) => Math.round(place - this.span[axis] / 2));
    this.from = middle.map((first, axis) => Math.max(0, Math.min([height, width][axis] - this.span[axis], first)));
    const ratio = window.devicePixelRatio || 1;
    const size = [this.span[1] * this.cell, this.span[0] * this.cell];
    const [canvas, pixels] = [this.canvas, size.map(side => Math.max(1, Math.round(side * ratio)))];
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
    [canvas.style.width, canvas.style.height] = size.map(side => `${side}px`);
    this.pen = canvas.getContext("2d");
    this.pen.setTransform(pixels[0] / size[0], 0, 0, pixels[1] / size[1], 0, 0);
  }

  get inHues() {
    return this.cell < SMALLEST_ARROWS;
  }

  /** The cell at a point of the page, undefined beside the board. */
  cellAt(x, y) {
    const box = this.canvas.getBoundingClientRect();
    const [row, column] = [Math.floor((y - box.top) / this.cell), Math.floor((x - box.left) / this.cell)];
    if (row < 0 || column < 0 || row >= this.span[0] || column >= this.span[1]) return undefined;
    return (row + this.from[0]) * width + column + this.from[1];
  }

  /** The middle of a cell on the canvas. */
  middle(cell) {
    const [row, column] = [Math.floor(cell / width), cell % width];
    return [(column - this.from[1] + 0.5) * this.cell, (row - this.from[0] + 0.5) * this.cell];
  }

  /** Draw a moment: `frame`, `next` and the `share` of the way to it, `overlay`, the episode's `step`, the chosen cell. */
  draw({ frame, next, share, overlay, step, set, chosen }) {
    const pen = this.pen;
    this.ink = Object.fromEntries(
      ["ink", "quiet", "floor", "grid", "policy", "policy-trail", "warning", "card"].map(name => [name, colour(name)]));
    pen.clearRect(0, 0, this.span[1] * this.cell, this.span[0] * this.cell);
    const look = dark.matches ? "dark" : "light";
    const cells = [];
    for (let row = this.from[0]; row < this.from[0] + this.span[0]; row++)
      for (let column = this.from[1]; column < this.from[1] + this.span[1]; column++) cells.push(row * width + column);
    this.ground(cells, look);
    const rows = cells.map(cell => rowAt(cell, set));
    const table = this.table(frame, next, share, overlay);
    if (this.inHues) this.hues(cells, rows, table, overlay);
    else this.lines();
    for (const [row, column] of coinsLeft(set)) {
      this.place(pictures.get("coin")[look], row * width + column);
      this.pays(row * width + column);
    }
    if (frame.episode) this.way(frame.episode, step);
    if (!this.inHues) this.arrows(cells, rows, table, overlay, frame);
    if (frame.episode) this.agent(frame.episode, step);
    this.mark(chosen);
  }

  place(image, cell, pen = this.pen) {
    const [x, y] = this.middle(cell);
    if (image.complete) pen.drawImage(image, x - this.cell / 2, y - this.cell / 2, this.cell, this.cell);
  }

  /** What a cell pays, in its corner, where there is room. */
  pays(cell, pen = this.pen) {
    const { pays } = tileAt(Math.floor(cell / width), cell % width);
    const size = Math.max(11, Math.min(22, this.cell * 0.24));
    if (!pays || this.cell < 2.6 * size) return;
    const [x, y] = this.middle(cell).map(place => place + this.cell / 2 - 3);
    pen.save();
    pen.font = `bold ${size}px system-ui, sans-serif`;
    const across = pen.measureText(pays).width + size / 2;
    pen.fillStyle = this.ink.card;
    pen.globalAlpha = 0.88;
    pen.fillRect(x - across, y - size * 1.2, across, size * 1.2);
    pen.globalAlpha = 1;
    pen.fillStyle = this.ink.ink;
    [pen.textAlign, pen.textBaseline] = ["right", "bottom"];
    pen.fillText(pays, x - size / 4, y);
    pen.restore();
  }

  /** The tiles, drawn once for each size, part and theme. */
  ground(cells, look) {
    const { canvas } = this;
    const key = [canvas.width, canvas.height, this.cell, this.from, look].join();
    if (key !== this.drawn) {
      const below = (this.below = document.createElement("canvas")).getContext("2d");
      [this.below.width, this.below.height] = [canvas.width, canvas.height];
      below.setTransform(this.pen.getTransform());
      for (const cell of cells) {
        const [row, column] = [Math.floor(cell / width), cell % width];
        this.place(pictures.get(run.rows[row][column])[look], cell, below);
        if (!tileAt(row, column).coin) this.pays(cell, below);
      }
      this.drawn = [...pictures.values()].every(pair => pair[look].complete) ? key : "";
    }
    this.pen.drawImage(this.below, 0, 0, this.span[1] * this.cell, this.span[0] * this.cell);
  }

  lines() {
    const pen = this.pen;
    pen.strokeStyle = this.ink.grid;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let column = 1; column < this.span[1]; column++) {
      pen.moveTo(column * this.cell, 0);
      pen.lineTo(column * this.cell, this.span[0] * this.cell);
    }
    for (let row = 1; row < this.span[0]; row++) {
      pen.moveTo(0, row * this.cell);
      pen.lineTo(this.span[1] * this.cell, row * this.cell);
    }
    pen.stroke();
  }

  /** Lengths from −1 to 1: probabilities, or pushes against the largest; on the way from one frame to the next. */
  table(frame, next, share, overlay) {
    const of = (one, name) => name === "push" ? one.push && Float32Array.from(one.push, n => n / (one.largestPush || 1)) : Float32Array.from(one.policy, n => n / 1000);
    const here = of(frame, overlay) || new Float32Array(nShown * nActions);
    if (!share || overlay === "push" || !run.full) return here;
    const there = of(next, overlay);
    return here.map((length, k) => length + (there[k] - length) * share);
  }

  arrows(cells, rows, table, overlay, frame) {
    const heavy = [];
    const hub = Math.max(1, 0.04 * this.cell);
    for (let k = 0; k < cells.length; k++) {
      if (rows[k] === undefined) continue;
      const best = overlay === "push" ? [] : frame.best(rows[k]);
      for (let action = 0; action < nActions; action++) {
        const length = table[rows[k] * nActions + action];
        if (!run.ways[action] || Math.abs(length) * this.cell < 0.5) continue;
        const kind = overlay === "push" ? (length > 0 ? "more" : "less") : best.includes(action) ? "best" : "other";
        if (kind === "other") this.arrow(cells[k], run.ways[action], Math.abs(length), hub, kind);
        else heavy.push([cells[k], run.ways[action], Math.abs(length), hub, kind]);
      }
    }
    for (const one of heavy) this.arrow(...one);
    this.pen.fillStyle = this.ink.quiet;
    for (let k = 0; k < cells.length; k++) {
      if (rows[k] === undefined) continue;
      this.pen.beginPath();
      this.pen.arc(...this.middle(cells[k]), hub, 0, 2 * Math.PI);
      this.pen.fill();
    }
  }

  /** One arrow; from the hub's edge to its tip it is its share of the room in the cell. */
  arrow(cell, [down, right], share, hub, kind) {
    const [pen, side] = [this.pen, this.cell];
    const [x, y] = this.middle(cell);
    const length = share * (0.47 * side - hub);
    pen.fillStyle = pen.strokeStyle = this.ink[{ best: "policy", more: "policy", less: "warning", other: "quiet" }[kind]];
    if (!down && !right) { // to stay: a ring around the hub
      pen.lineWidth = Math.max(1, 0.05 * side);
      if (kind === "less") pen.setLineDash([0.08 * side, 0.06 * side]);
      pen.beginPath();
      pen.arc(x, y, hub + length, 0, 2 * Math.PI);
      pen.stroke();
      pen.setLineDash([]);
      return;
    }
    const whole = Math.hypot(down, right);
    const [ax, ay] = [right / whole, down / whole];
    const head = Math.min(0.62 * length, (kind === "other" ? 0.14 : 0.17) * side);
    const half = head * (kind === "other" ? 0.8 : 0.75);
    const thick = Math.min((kind === "other" ? 0.05 : 0.095) * side, half) / 2;
    const at = (along, across) => [x + ax * (hub + along) - ay * across, y + ay * (hub + along) + ax * across];
    const neck = length - head;
    const outline = [at(0, thick), at(neck, thick), at(neck, half), at(length, 0), at(neck, -half), at(neck, -thick), at(0, -thick)];
    pen.beginPath();
    outline.forEach(point => pen.lineTo(...point));
    pen.closePath();
    if (kind === "less") {
      pen.lineWidth = Math.max(1, 0.024 * side);
      pen.lineJoin = "round";
      pen.stroke();
    } else {
      pen.fill();
    }
  }

  /** Cells too small for arrows: the hue of the action, stronger where it is surer. */
  hues(cells, rows, table, overlay) {
    const pen = this.pen;
    cells.forEach((cell, k) => {
      if (rows[k] === undefined) return;
      const of = table.subarray(rows[k] * nActions, (rows[k] + 1) * nActions);
      const best = of.indexOf(Math.max(...of));
      const sure = overlay === "push" ? of[best] : nActions === 1 ? 1 : (of[best] * nActions - 1) / (nActions - 1);
      const [x, y] = this.middle(cell);
      pen.fillStyle = this.ink.floor;
      pen.fillRect(x - this.cell / 2, y - this.cell / 2, this.cell, this.cell);
      pen.globalAlpha = Math.max(0.12, Math.min(1, 0.12 + 0.88 * sure));
      pen.fillStyle = `rgb(${run.hues[best][1].join()})`;
      pen.fillRect(x - this.cell / 2, y - this.cell / 2, this.cell, this.cell);
      pen.globalAlpha = 1;
    });
  }

  /** The way of the episode: thick where it is walked already, thin where it is still to come. */
  way(episode, step) {
    const pen = this.pen;
    pen.lineJoin = pen.lineCap = "round";
    pen.strokeStyle = this.ink["policy-trail"];
    for (const [cells, thick] of [[episode.cells, 0.045], [episode.cells.slice(0, step + 1), 0.12]]) {
      pen.lineWidth = Math.max(1.5, thick * this.cell);
      pen.beginPath();
      cells.forEach(cell => pen.lineTo(...this.middle(cell)));
      pen.stroke();
    }
  }

  agent(episode, step) {
    const pen = this.pen;
    const [x, y] = this.middle(episode.cells[step]);
    const side = Math.max(22, this.cell);
    const [down, right] = (step < episode.kept && run.ways[episode.taken[step].action]) || [0, 0];
    const dot = (dx, dy, radius, fill) => {
      pen.fillStyle = fill;
      pen.beginPath();
      pen.arc(x + dx * side, y + dy * side, radius * side, 0, 2 * Math.PI);
      pen.fill();
    };
    dot(0, 0, 0.27, "#ffffff");
    dot(0, 0, 0.24, this.ink.policy);
    for (const eye of [-0.085, 0.085]) {
      const [dx, dy] = [0.09 * right + eye, 0.09 * down - (down ? 0 : 0.03)];
      dot(dx, dy, 0.06, "#ffffff");
      dot(dx + 0.022 * right, dy + 0.022 * down, 0.028, "#14161c");
    }
  }

  mark(cell) {
    const [x, y] = this.middle(cell);
    const side = Math.max(this.cell, 8);
    for (const [line, inset] of [[this.ink.floor, 3], [this.ink.ink, 1]]) {
      this.pen.strokeStyle = line;
      this.pen.lineWidth = 2;
      this.pen.strokeRect(x - side / 2 + inset, y - side / 2 + inset, side - 2 * inset, side - 2 * inset);
    }
  }
}
