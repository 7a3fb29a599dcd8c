"use strict";
// The run's numbers, as game/view/page/data.py packed them.

const run = JSON.parse(document.getElementById("run").textContent);
const height = run.rows.length;
const width = run.rows[0].length;
const nActions = run.actions.length;

/** The first `count` whole numbers from 0 to 4095, two of them in three bytes of base64. */
function unpacked(text, count) {
  const bytes = atob(text);
  const numbers = new Uint16Array(bytes.length / 3 * 2);
  for (let i = 0, j = 0; i < bytes.length; i += 3, j += 2) {
    const middle = bytes.charCodeAt(i + 1);
    numbers[j] = bytes.charCodeAt(i) << 4 | middle >> 4;
    numbers[j + 1] = (middle & 15) << 8 | bytes.charCodeAt(i + 2);
  }
  return numbers.subarray(0, count);
}

/** The first `count` whole numbers that were packed as two each. */
function unpackedWide(text, count) {
  const halves = unpacked(text, 2 * count);
  return Float64Array.from({ length: count }, (_, i) => halves[2 * i] * 4096 + halves[2 * i + 1]);
}

/** `value` as text, with a true minus sign, never "−0", and a comma at each thousand. */
function fixed(value, decimals) {
  const [whole, part] = value.toFixed(decimals).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  return (/[1-9]/.test(text) ? text : text.replace("-", "")).replace("-", "−");
}

/** A number as exact as it is, such as a reward. */
const exactly = value => value.toLocaleString("en", { maximumSignificantDigits: 12 }).replace("-", "−");

/** A number of the page's own working, such as a return so far. */
function number(value) {
  const size = Math.abs(value);
  return size >= 1e6 ? value.toExponential(1).replace(/-/g, "−") : fixed(value, size >= 1000 ? 0 : size >= 100 ? 1 : 4);
}

const tileAt = (row, column) => run.tiles[run.rows[row][column]];

/** Which state each cell is, for no coins taken; −1 in walls. */
const stateOf = new Int32Array(width * height).fill(-1);
/** The cell of each of those states. */
const cellOf = [];
for (let cell = 0; cell < stateOf.length; cell++) {
  if (run.everyCell || !tileAt(Math.floor(cell / width), cell % width).wall) {
    stateOf[cell] = cellOf.length;
    cellOf.push(cell);
  }
}
/** Where a state's numbers stand in the tables; states that end an episode or are never reached have none. */
const tableRow = new Map();
for (const [first, count] of run.shown) for (let k = 0; k < count; k++) tableRow.set(first + k, tableRow.size);
const nShown = tableRow.size;

const coinSet = state => Math.floor(state / cellOf.length);
/** The row of a cell's numbers while the coins of `set` are taken; undefined where it has none. */
const rowAt = (cell, set) => stateOf[cell] < 0 ? undefined : tableRow.get(stateOf[cell] + set * cellOf.length);
/** Coins are numbered from the last digit of their set. */
const coinsLeft = set => run.coins.filter((_, coin) => !(set >> coin & 1));

/** An update: its policy in thousandths, its push in whole numbers of 10^−decimals; unpacked when first needed. */
class Frame {
  constructor(told) {
    this.told = told;
    for (const name of ["update", "episodes", "mean", "goal", "objective", "pushDecimals", "valueDecimals"])
      this[name] = told[name];
  }

  get policy() {
    let table = this.told.policy === undefined ? null : unpacked(this.told.policy, nShown * nActions);
    if (!table) {
      table = new Uint16Array(nShown * nActions);
      const best = unpacked(this.told.best, 2 * nShown);
      for (let row = 0; row < nShown; row++) table[row * nActions + best[2 * row]] = best[2 * row + 1];
    }
    return this.keep("policy", table);
  }

  get push() {
    const packed = this.told.push;
    return this.keep("push", packed === undefined ? null : Int16Array.from(unpacked(packed, nShown * nActions), n => n - 2048));
  }

  get largestPush() {
    let largest = 0;
    if (this.push) for (const push of this.push) largest = Math.max(largest, Math.abs(push));
    return this.keep("largestPush", largest);
  }

  get values() {
    const packed = this.told.values;
    return this.keep("values", packed === undefined ? null : unpackedWide(packed, nShown).map(n => n - 2 ** 23));
  }

  get episode() {
    const told = this.told.episode;
    if (!told) return this.keep("episode", null);
    const rewards = run.rewards.length;
    const steps = (rewards * nActions <= 4096 ? unpacked : unpackedWide)(told.steps, told.kept);
    const states = Array.from(unpackedWide(told.states, told.kept + 1));
    let sum = 0;
    const taken = Array.from({ length: told.kept }, (_, t) => {
      const reward = run.rewards[steps[t] % rewards];
      sum += run.discount ** t * reward;
      return { action: Math.floor(steps[t] / rewards), reward, sum };
    });
    return this.keep("episode", { ...told, states, cells: states.map(s => cellOf[s % cellOf.length]), taken });
  }

  keep(name, value) {
    Object.defineProperty(this, name, { value });
    return value;
  }

  /** π of an action as shown; only the most probable one may be known. */
  probability(row, action) {
    const thousandths = this.policy[row * nActions + action];
    return run.full || thousandths ? (thousandths / 1000).toFixed(3) : null;
  }

  /** The push on an action as shown. */
  pushed(row, action) {
    if (!this.push) return null;
    const push = this.push[row * nActions + action];
    return (push > 0 ? "+" : "") + this.pushText(push);
  }

  /** A whole number of pushes as a number: as a decimal where that is short, else with a power of ten. */
  pushText(push) {
    const decimals = this.pushDecimals;
    if (decimals >= 0 && decimals <= 5) return fixed(push / 10 ** decimals, decimals);
    return fixed(push / 100, 2) + (push ? ` · 10${raised(2 - decimals)}` : "");
  }

  value(row) {
    return this.values ? fixed(this.values[row] / 10 ** this.valueDecimals, Math.max(0, this.valueDecimals)) : null;
  }

  /** The actions that are more probable than others: none where all are equal. */
  best(row) {
    const of = this.policy.subarray(row * nActions, (row + 1) * nActions);
    const [most, least] = [Math.max(...of), Math.min(...of)];
    return nActions === 1 ? [0] : most === least ? [] : [...of.keys()].filter(action => of[action] === most);
  }
}

/** A whole number as an exponent. */
const raised = n => String(n).replace(/[-\d]/g, sign => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

const frames = run.frames.map(told => new Frame(told));
