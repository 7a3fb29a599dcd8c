// The learning curve: the mean return, the exact J, the best possible, and where on it one stands.

/** So few points are dots: a line would say what happened between them. */
const FEW = 25;

class Curve {
  constructor(canvas) {
    this.canvas = canvas;
    this.last = Math.max(2, frames[frames.length - 1].update);
  }

  /** Draw with a marker at `frame`. */
  draw(frame) {
    const { canvas } = this;
    const [across, down] = [canvas.clientWidth, canvas.clientHeight];
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(across * ratio), Math.round(down * ratio)];
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.font = "13px system-ui, sans-serif";
    const { low, high, at, mean, exactAt, exact } = run.curve;
    const [ticks, decimals] = this.ticks(low, high, 4);
    const words = ticks.map(tick => fixed(tick, decimals));
    const left = Math.max(...words.map(word => pen.measureText(word).width)) + 10;
    this.plot = { left, top: 14, right: across - 8, bottom: down - 24 };
    const { top, right, bottom } = this.plot;
    this.x = update => left + (update - 1) / (this.last - 1) * (right - left);
    const y = value => bottom - (value - low) / (high - low) * (bottom - top);
    pen.fillStyle = colour("quiet");
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    ticks.forEach((tick, k) => {
      pen.fillText(words[k], left - 8, y(tick));
      this.line(pen, colour("grid"), 1, [[left, y(tick)], [right, y(tick)]]);
    });
    pen.fillText(`update ${(this.last - 1).toLocaleString("en")}`, right, down - 9);
    pen.textAlign = "left";
    pen.fillText("1", left, down - 9);
    pen.save();
    pen.beginPath();
    pen.rect(left - 4, top - 4, right - left + 8, bottom - top + 8);
    pen.clip();
    const known = exactAt.map((update, k) => [this.x(update), y(exact[k])]);
    if (known.length >= FEW) this.line(pen, colour("policy"), 4, known);
    else for (const point of known) this.dot(pen, colour("policy"), 4, point);
    this.line(pen, colour("ink"), 1.25, at.map((update, k) => [this.x(update), y(mean[k])]));
    if (run.optimum !== null) {
      pen.setLineDash([9, 6]);
      this.line(pen, colour("truth"), 2.5, [[left, y(run.optimum)], [right, y(run.optimum)]]);
      pen.setLineDash([]);
    }
    pen.restore();
    this.line(pen, colour("person"), 2, [[this.x(frame.update), top], [this.x(frame.update), bottom]]);
    pen.fillStyle = colour("person");
    pen.beginPath();
    [[0, 0], [-6, -10], [6, -10]].forEach(([dx, dy]) => pen.lineTo(this.x(frame.update) + dx, top + dy));
    pen.fill();
  }

  line(pen, stroke, thick, points) {
    pen.strokeStyle = stroke;
    pen.lineWidth = thick;
    pen.lineJoin = "round";
    pen.beginPath();
    points.forEach(point => pen.lineTo(...point));
    pen.stroke();
  }

  dot(pen, fill, radius, [x, y]) {
    pen.fillStyle = fill;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }

  /** Round numbers between `low` and `high`, about `most` of them, and the decimals that they need. */
  ticks(low, high, most) {
    const raw = (high - low) / most;
    const power = Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(factor => factor * 10 ** power).find(size => size >= raw * 0.999);
    const first = Math.ceil(low / step);
    const ticks = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
    return [ticks, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))];
  }

  /** The index of the frame nearest to a point of the page. */
  nearest(x) {
    const { left, right } = this.plot;
    const share = (x - this.canvas.getBoundingClientRect().left - left) / (right - left);
    const update = 1 + share * (this.last - 1);
    let best = 0;
    frames.forEach((frame, k) => {
      if (Math.abs(frame.update - update) < Math.abs(frames[best].update - update)) best = k;
    });
    return best;
  }

  /** The curve in words. */
  words() {
    const { at, mean, exactAt, exact } = run.curve;
    const ends = (name, updates, values) => values.length
      ? `${name} from ${number(values[0])} at update ${updates[0]} to ${number(values.at(-1))} at update ${updates.at(-1)}. `
      : "";
    return `Learning curve: ${ends("mean return", at, mean)}${ends("J", exactAt, exact)}` +
      (run.best === null ? "" : `Best possible ${run.best}.`);
  }
}
