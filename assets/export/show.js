// What the page shows of where it is.

const element = id => document.getElementById(id);
const board = new Board(element("board").querySelector("canvas"));
const curve = new Curve(element("curve"));
const [slider, stride] = [element("slider"), element("stride")];
/** Lines of the table of all numbers. */
const MOST_LINES = 1000;
const lastUpdate = run.last.toLocaleString("en");

/** Where the page is: the frame's index, the share of the way to the next, the step of its episode. */
const here = { index: 0, share: 0, step: 0, overlay: "policy", chosen: 0, pointed: null, playing: "", before: 0, part: 0 };
const frame = () => frames[here.index];
const coins = () => frame().episode ? coinSet(frame().episode.states[here.step]) : 0;

function drawBoard() {
  board.draw({
    frame: frame(),
    next: frames[Math.min(here.index + 1, frames.length - 1)],
    share: here.share,
    overlay: here.overlay,
    step: here.step,
    set: coins(),
    chosen: here.chosen,
  });
}

function fit() {
  const stage = document.querySelector(".stage");
  const tall = innerWidth >= 928 ? innerHeight - 280 : innerHeight * 0.62;
  board.fit(stage.clientWidth, Math.max(240, tall), [Math.floor(here.chosen / width), here.chosen % width]);
  element("near").hidden = !board.tooSmall;
}

function show() {
  drawBoard();
  showCell();
  showStep();
}

function showFrame() {
  const now = frame();
  const last = here.index === frames.length - 1;
  const when = last ? `after update ${lastUpdate}` : `update ${now.update.toLocaleString("en")} of ${lastUpdate}`;
  element("when").textContent = when;
  slider.value = here.index;
  slider.setAttribute("aria-valuetext", when + (now.mean ? `, mean return ${now.mean}` : ""));
  for (const name of ["episodes", "mean", "objective", "goal"]) element(name).textContent = now[name] || "–";
  element("legend").textContent = legend();
  stride.max = now.episode ? now.episode.kept : 0;
  stride.disabled = element("walk").disabled = !now.episode || !now.episode.kept;
  curve.draw(now);
  show();
  if (!here.playing) showTable();
}

function legend() {
  const now = frame();
  const known = run.actions.map((_, action) => action).filter(action => run.hues[action][0]);
  if (!run.ways.some(Boolean)) return "These actions have no direction, so there are no arrows.";
  if (here.overlay === "push" && !now.push)
    return run.full ? "After the last update no batch was played, so nothing was pushed." : "Pushes of so large a board are not kept.";
  const largest = now.largestPush ? `the longest is ${now.pushText(now.largestPush)}` : "here nothing at all";
  if (board.inHues) {
    const hues = known.map(action => `${run.signs[action]}\u00a0${run.hues[action][0]}`).join(", ");
    return here.overlay === "push" ? `Most pushed action: ${hues}; the stronger, the more.` : `Most probable action: ${hues}; the stronger, the surer.`;
  }
  if (here.overlay === "push") return `Filled: the batch made it more probable; hollow: less; ${largest}.`;
  return run.full ? "Arrows as long as the probabilities; blue and thick: the most probable."
    : "The most probable action of each cell, as long as its probability.";
}

function showStep() {
  const episode = frame().episode;
  stride.value = here.step;
  let [when, words] = ["Episode: none", "After the last update no batch was played."];
  if (episode) {
    const steps = episode.length.toLocaleString("en");
    const end = { goal: "reached a goal", ended: "ended", cap: "stopped at the cap", "": "" }[episode.end];
    when = `Episode: step ${here.step} of ${steps}`;
    if (episode.kept < episode.length) when += ` (the first ${episode.kept})`;
    if (here.step === episode.kept) words = `R(τ) = ${episode.return} in ${steps} step${episode.length === 1 ? "" : "s"}${end && ": " + end}.`;
    else if (here.step === 0) words = `At the start. It will bring R(τ) = ${episode.return}.`;
    else words = "";
    if (here.step > 0) {
      const { action, reward, sum } = episode.taken[here.step - 1];
      const did = `${run.signs[action]} ${run.actions[action]}, reward ${exactly(reward)}`;
      words = words ? `${did}. ${words}` : `${did}; return so far ${number(sum)}.`;
    }
  }
  element("episode").textContent = when;
  element("steps").textContent = words;
  stride.setAttribute("aria-valuetext", `${when}. ${words}`);
}

/** A cell's place and tile. */
function named(cell) {
  const [row, column] = [Math.floor(cell / width), cell % width];
  const coin = coinsLeft(coins()).some(([r, c]) => r === row && c === column);
  const tile = tileAt(row, column);
  return `Row ${row}, column ${column}: ${tile.coin && !coin ? "floor (its coin taken)" : tile.words}`;
}

function showCell() {
  const cell = here.pointed ?? here.chosen;
  const row = rowAt(cell, coins());
  const table = element("cell-actions");
  table.hidden = row === undefined;
  if (row === undefined) {
    element("cell").textContent = `${named(cell)}. No episode chooses an action here.`;
    table.replaceChildren();
    return;
  }
  const now = frame();
  const value = now.value(row);
  element("cell").textContent = named(cell) + (value === null ? "" : `. V = ${value}`);
  const best = now.best(row);
  const lines = run.actions.map((action, k) => {
    const line = rowOf([`${run.signs[k]} ${action}`, ...numbersOf(now, row, k)], "td");
    const bar = document.createElement("i");
    bar.style.width = `${now.policy[row * nActions + k] / 10}%`;
    line.insertCell(2).append(bar);
    line.cells[2].className = "bar";
    line.classList.toggle("most", best.includes(k));
    return line;
  });
  const head = rowOf(["action", "π", "", ...(run.full ? ["push"] : [])], "th");
  table.replaceChildren(head, ...lines);
}

/** π and push of an action as shown; a dash where they are not known. */
function numbersOf(now, row, action) {
  return [now.probability(row, action), ...(run.full ? [now.pushed(row, action)] : [])].map(text => text ?? "–");
}

/** A line of a table, its first cell a heading, or all where `tag` is "th". */
function rowOf(texts, tag) {
  const line = document.createElement("tr");
  texts.forEach((text, k) => {
    const cell = document.createElement(k === 0 ? "th" : tag);
    if (cell.tagName === "TH") cell.scope = tag === "th" ? "col" : "row";
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}

/** The numbers of the chosen cell in words, to be read out. */
function spoken() {
  const row = rowAt(here.chosen, coins());
  const words = row === undefined ? [] : run.actions.map((action, k) => {
    const [probability, push] = numbersOf(frame(), row, k);
    return `${action} ${probability}` + (here.overlay === "push" ? `, push ${push}` : "");
  });
  return [element("cell").textContent, ...words].join(". ");
}

function showTable() {
  if (!element("table").open) return;
  const now = frame();
  const lines = [];
  for (let cell = 0; cell < width * height && lines.length < MOST_LINES; cell++) {
    const row = rowAt(cell, coins());
    if (row === undefined) continue;
    const numbers = run.actions.flatMap((_, k) => numbersOf(now, row, k));
    lines.push(rowOf([named(cell), ...numbers, now.value(row) ?? "–"], "td"));
  }
  const cut = lines.length === MOST_LINES ? `, the first ${MOST_LINES} cells` : "";
  const titles = run.actions.flatMap(action => run.full ? [`π ${action}`, `push ${action}`] : [`π ${action}`]);
  const part = (tag, ...content) => {
    const made = document.createElement(tag);
    made.append(...content);
    return made;
  };
  element("table").querySelector("table").replaceChildren(
    part("caption", `At ${element("when").textContent}${cut}`),
    part("thead", rowOf(["Cell", ...titles, "V"], "th")),
    part("tbody", ...lines));
}

function say(text) {
  element("status").textContent = text;
}
