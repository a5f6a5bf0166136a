// Shows the queues as the server pictures them. Everything of a job is set as text, never as HTML.
"use strict";

const STATES = [
  "available", "executing", "scheduled", "retryable", "completed", "discarded", "cancelled",
];

const DEMOS = {
  echo: () => ({ kind: "echo", args: { text: "hello" } }),
  sleep: () => ({ kind: "sleep", args: { ms: 5000 } }),
  fail: () => ({ kind: "fail", args: { times: 2 } }),
  panic: () => ({ kind: "panic", max_attempts: 2 }),
  later: () => ({
    kind: "echo",
    args: { text: "later" },
    scheduled_at: new Date(Date.now() + 10_000).toISOString(),
  }),
};

const at = (id) => document.getElementById(id);

function element(tag, classes, ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children); // texts become text nodes
  return made;
}

function button(label, path) {
  const made = element("button", "", label);
  made.type = "button";
  made.dataset.path = path;
  return made;
}

// Changes only what is different, so that a button stays the same one while it is pressed.
function set(node, text, classes = node.className) {
  if (node.textContent !== text) node.textContent = text;
  if (node.className !== classes) node.className = classes;
}

// Shows a list with one child for each item: those that are there are kept.
function keyed(parent, items, key, make, update) {
  const there = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const child = there.get(`${key(item)}`) ?? make(item);
    child.dataset.key = key(item);
    update(child, item);
    return child;
  });
  const same = wanted.length === parent.children.length
    && wanted.every((child, index) => child === parent.children[index]);
  if (!same) parent.replaceChildren(...wanted);
}

function makeQueue(queue) {
  const top = element("div", "top", element("span", "name", queue.name),
    element("span", "limit"), button("", ""));
  const counts = STATES.map((state) => element("div", "count", element("b"), state));
  return element("article", "queue", top, element("div", "counts", ...counts));
}

function updateQueue(card, queue) {
  const path = `/api/queues/${encodeURIComponent(queue.name)}`;
  const toggle = card.querySelector("button");
  set(toggle, queue.paused ? "Resume" : "Pause");
  toggle.dataset.path = queue.paused ? `${path}/resume` : `${path}/pause`;
  set(card.querySelector(".limit"), queue.paused ? "paused" : `${queue.concurrency} at a time`);
  card.className = queue.paused ? "queue paused" : "queue";
  STATES.forEach((state, index) => {
    const count = card.querySelectorAll(".count")[index];
    set(count.firstChild, queue.counts[state].toLocaleString("en"));
    count.className = queue.counts[state] ? "count" : "count none";
  });
}

function seconds(from, to) {
  const span = (new Date(to) - new Date(from)) / 1000;
  if (span >= 7200) return `${(span / 3600).toFixed(1)} h`;
  if (span >= 120) return `${Math.round(span / 60)} min`;
  return span < 10 ? `${Math.max(span, 0).toFixed(1)} s` : `${Math.round(span)} s`;
}

function when(job, now) {
  switch (job.state) {
    case "executing": return `for ${seconds(job.attempted_at, now)}`;
    case "scheduled":
    case "retryable": return `in ${seconds(now, job.scheduled_at)}`;
    case "available": return `${seconds(job.scheduled_at, now)} ago`;
    default: return `${seconds(job.finished_at, now)} ago`;
  }
}

function makeJob(job) {
  const what = element("td", "what", job.kind, element("code", "", JSON.stringify(job.args)),
    element("p"));
  return element("tr", "", element("td", "number", `${job.id}`), what,
    element("td", "", job.queue), element("td", "", element("span")), element("td", "number"),
    element("td", "number"), element("td", "", button("", "")));
}

function updateJob(row, job, now) {
  const [, what, , state, attempt, time, actions] = row.children;
  set(what.lastChild, job.history.at(-1)?.error ?? "");
  set(state.firstChild, job.state, `state ${job.state}`);
  set(attempt, `${job.attempt} of ${job.max_attempts}`);
  attempt.title = job.history.map((past) => {
    const error = past.error ? `: ${past.error}` : "";
    return `${past.attempt}. ${past.outcome} after ${seconds(past.began_at, past.ended_at)}${error}`;
  }).join("\n");
  set(time, when(job, now));
  const unfinished = ["available", "scheduled", "executing", "retryable"].includes(job.state);
  set(actions.firstChild, unfinished ? "Cancel" : "Retry");
  actions.firstChild.dataset.path = `/api/jobs/${job.id}/${unfinished ? "cancel" : "retry"}`;
}

function showTable(section, jobs, now) {
  section.classList.toggle("none", jobs.length === 0);
  const update = (row, job) => updateJob(row, job, now);
  keyed(section.querySelector("tbody"), jobs, (job) => job.id, makeJob, update);
}

// What was shown last; between two pictures only the times go on.
let last = null;
let received = 0;

function show(picture) {
  last = picture;
  received = Date.now();
  keyed(at("queues"), picture.queues, (queue) => queue.name, makeQueue, updateQueue);
  showJobs();
}

function showJobs() {
  if (last === null) return;
  const now = new Date(last.time).getTime() + (Date.now() - received);
  showTable(at("running"), last.running, now);
  showTable(at("recent"), last.recent, now);
}

function status(text, live) {
  set(at("link"), text, live ? "" : "waiting");
}

// The stream; while it is broken, a picture is fetched once a second.
let live = false;
const events = new EventSource("/api/events");
events.onopen = () => { live = true; status("live", true); };
events.onmessage = (event) => { live = true; status("live", true); show(JSON.parse(event.data)); };
events.onerror = () => { live = false; status("reconnecting", false); };

async function poll() {
  if (live) return showJobs();
  try {
    show(await (await fetch("/api/picture")).json());
    status("polling", false);
  } catch {
    status("the server does not answer", false);
  }
}
setInterval(poll, 1000);

async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", body: body && JSON.stringify(body) });
    at("said").textContent = answer.ok ? "" : (await answer.json()).message;
  } catch {
    at("said").textContent = "The server does not answer.";
  }
}

// One listener for all buttons, as rows come and go.
document.addEventListener("click", (event) => {
  const { kind, path } = event.target.dataset;
  if (kind) post("/api/jobs", DEMOS[kind]());
  if (path) post(path);
});
