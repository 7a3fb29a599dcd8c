// What a person does, and how the page moves on.

const still = matchMedia("(prefers-reduced-motion: reduce)");

// -- moving ------------------------------------------------------------------------------------------------------

function goTo(index) {
  Object.assign(here, { index: Math.max(0, Math.min(frames.length - 1, index)), share: 0, step: 0 });
  showFrame();
}

function choose(cell) {
  here.chosen = cell;
  here.pointed = null;
  fit();
  show();
  element("legend").textContent = legend();
}

function summary() {
  const now = frame();
  const parts = [element("when").textContent, now.mean && `mean return ${now.mean}`, now.objective && `J ${now.objective}`];
  return parts.filter(Boolean).join(", ");
}

/** Play the "training", walk the "episode", or stop (""). */
function play(what) {
  const was = here.playing;
  here.playing = what;
  if (what === "training" && here.index === frames.length - 1) goTo(0);
  if (what === "episode" && here.step === frame().episode.kept) here.step = 0;
  element("play").textContent = what === "training" ? "Pause" : "Play";
  element("walk").textContent = what === "episode" ? "Pause" : "Walk";
  if (what) {
    [here.before, here.part] = [performance.now(), 0];
    if (!was) requestAnimationFrame(tick);
    return;
  }
  here.share = 0;
  show();
  showTable();
  if (was) say(was === "training" ? summary() : element("steps").textContent);
}

function tick(now) {
  if (!here.playing) return;
  const passed = Math.max(0, Math.min(0.25, (now - here.before) / 1000));
  here.before = now;
  const speed = Number(element("speed").value);
  here.part += passed * (here.playing === "training" ? speed : Math.min(4, speed));
  const whole = Math.floor(here.part);
  here.part -= whole;
  if (here.playing === "training") {
    if (whole) goTo(here.index + whole);
    if (here.index === frames.length - 1) return play("");
    if (!still.matches && frames.length < 1000 && !board.inHues) {
      here.share = here.part;
      drawBoard();
    }
  } else if (whole) {
    here.step = Math.min(frame().episode.kept, here.step + whole);
    show();
    if (here.step === frame().episode.kept) return play("");
  }
  requestAnimationFrame(tick);
}

// -- what a person does ------------------------------------------------------------------------------------------

slider.max = frames.length - 1;
slider.addEventListener("input", () => {
  if (here.playing) play("");
  goTo(Number(slider.value));
});
stride.addEventListener("input", () => {
  if (here.playing) play("");
  here.step = Number(stride.value);
  show();
});
element("play").addEventListener("click", () => play(here.playing === "training" ? "" : "training"));
element("walk").addEventListener("click", () => play(here.playing === "episode" ? "" : "episode"));
for (const radio of document.getElementsByName("overlay")) {
  radio.addEventListener("change", () => {
    here.overlay = radio.value;
    element("legend").textContent = legend();
    drawBoard();
  });
}
element("closeup").addEventListener("change", event => {
  board.closeUp = event.target.checked;
  choose(here.chosen);
});
element("table").addEventListener("toggle", showTable);

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const on = event.target.closest("button, select, summary, input");
  if (event.key === " " && (!on || on.type === "range")) play(here.playing ? "" : "training");
  else if (/^Arrow(Left|Right)$/.test(event.key) && (event.target === document.body || event.target.tagName === "BUTTON")) {
    if (here.playing) play("");
    goTo(here.index + (event.key === "ArrowLeft" ? -1 : 1));
  } else return;
  event.preventDefault();
});

element("board").addEventListener("keydown", event => {
  const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
  const [row, column] = [Math.floor(here.chosen / width) + way[0], here.chosen % width + way[1]];
  if (row >= 0 && row < height && column >= 0 && column < width) choose(row * width + column);
  say(spoken());
  event.preventDefault();
});
board.canvas.addEventListener("pointermove", event => {
  if (event.pointerType !== "mouse") return;
  here.pointed = board.cellAt(event.clientX, event.clientY) ?? null;
  showCell();
});
board.canvas.addEventListener("pointerleave", () => {
  here.pointed = null;
  showCell();
});
board.canvas.addEventListener("click", event => {
  const cell = board.cellAt(event.clientX, event.clientY);
  if (cell !== undefined) choose(cell);
});

function alongCurve(event) {
  if (event.type === "pointermove" && !(event.buttons & 1)) return;
  if (here.playing) play("");
  goTo(curve.nearest(event.clientX));
}
curve.canvas.addEventListener("pointerdown", alongCurve);
curve.canvas.addEventListener("pointermove", alongCurve);

// -- the beginning -----------------------------------------------------------------------------------------------

function entry(parent, className, text) {
  const item = document.createElement("li");
  const sample = document.createElement("i");
  sample.className = className;
  item.append(sample, text);
  element(parent).append(item);
}

entry("curve-key", "mean", run.curve.averaged > 1 ? `mean return, ${run.curve.averaged} updates a point` : "mean return");
if (run.curve.exact.length) entry("curve-key", run.curve.exact.length < FEW ? "exact few" : "exact", "J, exactly");
if (run.best !== null) entry("curve-key", "best", "best possible");
element("rules").textContent = run.rules;
element("best").textContent = run.best ?? "too costly";
element("found-row").hidden = run.found === null;
element("found").textContent = run.found ?? "";
curve.canvas.setAttribute("aria-label", curve.words());
element("board").setAttribute("aria-label", `Board of ${height} rows and ${width} columns`);
for (const [letter, tile] of [...Object.entries(run.tiles), ...(run.coin ? [["coin", { ...run.coin, name: "coin, while it is there" }]] : [])]) {
  const item = document.createElement("li");
  const image = Object.assign(new Image(), { src: pictures.get(letter)[dark.matches ? "dark" : "light"].src, alt: "" });
  item.append(image, tile.does ? `${tile.name}: ${tile.does}` : tile.name);
  element("tiles").append(item);
}
const first = frames[0].episode;
here.chosen = first ? first.cells[0] : cellOf[run.shown.length ? run.shown[0][0] : 0];
fit();
showFrame();
addEventListener("resize", () => { fit(); showFrame(); });
dark.addEventListener("change", showFrame);
Promise.all([...pictures.values()].flatMap(pair => [pair.light, pair.dark]).map(image => image.decode().catch(() => {})))
  .then(() => { drawBoard(); document.documentElement.dataset.ready = "yes"; });
