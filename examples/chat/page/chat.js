// The page of the chat server. All that others have written goes through `textContent`.
"use strict";

const $ = (id) => document.getElementById(id);

/** The longest wait before the next attempt to connect, in milliseconds. */
const LONGEST_WAIT = 15_000;
/** How many lines of a room are shown. */
const MOST_LINES = 500;

let socket = null;
let attempts = 0;
/** The name that the server has agreed to, and the one that it was asked for. */
let nick = null;
let wanted = null;
let entered = false;
let current = null;
/** Room by name; see `open`. */
const rooms = new Map();
/** What was sent and is not acknowledged yet, by its id, in order. */
const pending = new Map();

// ---- the connection ----

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/socket`);
  socket.onopen = () => send({ type: "nick", name: wanted });
  socket.onmessage = (event) => heard(JSON.parse(event.data));
  socket.onclose = lost;
}

function send(command) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify(command));
}

function lost() {
  nick = null;
  for (const room of rooms.values()) room.asking = false;
  if (!entered) {
    $("refusal").textContent = "The server does not answer.";
    return;
  }
  status("connecting again …", true);
  again();
}

/** Tries again later: soon at first, then ever less often, and not all pages at once. */
function again() {
  const wait = Math.min(LONGEST_WAIT, 250 * 2 ** attempts++) * (0.5 + Math.random() / 2);
  setTimeout(() => {
    if (socket.readyState === WebSocket.OPEN) send({ type: "nick", name: wanted });
    else connect();
  }, wait);
}

// ---- what the server says ----

const handlers = {
  nick(event) {
    const back = nick === null;
    nick = wanted = event.name;
    sessionStorage.setItem("nick", nick);
    $("me").textContent = `You are ${nick}`;
    if (!back) return;
    attempts = 0;
    if (!entered) enter();
    status("connected", false);
    for (const room of rooms.values()) join(room);
    send({ type: "rooms" });
  },
  message(message) {
    const room = rooms.get(message.room);
    if (room) arrived(room, message);
  },
  sent(event) {
    settle(event.id);
  },
  history(page) {
    const room = rooms.get(page.room);
    if (room) history(room, page);
  },
  members(event) {
    const room = rooms.get(event.room);
    if (!room) return;
    room.members = new Set(event.members);
    drawMembers();
    // Entering is over: what is still open may have been lost with the old connection.
    for (const [id, draft] of pending) if (draft.room === room.name) post(id, draft);
  },
  joined(event) {
    if (event.nick !== nick) came(event.room, event.nick, "joined", (all) => all.add(event.nick));
  },
  left(event) {
    if (event.nick === nick) return close(event.room);
    came(event.room, event.nick, `left: ${event.why}`, (all) => all.delete(event.nick));
  },
  renamed(event) {
    came(event.room, event.from, `is ${event.to} now`, (all) => {
      all.delete(event.from);
      all.add(event.to);
    });
  },
  rooms(event) {
    drawOthers(event.rooms.filter((it) => !rooms.has(it.room)));
  },
  private(event) {
    const who = event.from === nick ? `to ${event.to}` : `${event.from}, to you`;
    const room = rooms.get(current);
    if (room) show(room, line({ ...event, nick: who }, "private"));
  },
  dropped() {}, // the numbers tell what is missing, and it is asked for
  notice(event) {
    if (entered && !event.text.startsWith("welcome")) note(event.text);
  },
  error(event) {
    if (nick === null) return refused(event.text);
    if (!event.id && event.again) setTimeout(joinAgain, 2_000);
    if (!event.id) return note(event.text);
    const draft = pending.get(event.id);
    if (event.again && draft) return void setTimeout(() => post(event.id, draft), 2_000);
    settle(event.id);
    note(`Not sent: ${event.text}`);
  },
  help() {
    note("/nick name, /join room, /leave room, /rooms, /who room, /msg nick text, /me text");
  },
};

function heard(event) {
  handlers[event.type]?.(event);
}

/** The name was not given: somebody else has it, or our own lost connection still does. */
function refused(text) {
  if (entered) return again();
  $("refusal").textContent = text;
  socket.onclose = null;
  socket.close();
}

// ---- messages, without gaps and each once ----

function open(name) {
  const room = {
    name,
    /** The number up to which everything is shown; null before the first history. */
    seen: null,
    /** The highest number that was heard of. */
    newest: 0,
    /** Messages that came before those in front of them. */
    held: new Map(),
    asking: false,
    members: new Set(),
    lines: [],
    unread: 0,
  };
  rooms.set(name, room);
  return room;
}

function join(room) {
  room.held.clear();
  room.asking = true;
  send({ type: "join", room: room.name, after: room.seen });
}

/** Asks once more for what the server could not give. */
function joinAgain() {
  for (const room of rooms.values()) if (room.asking) join(room);
}

function arrived(room, message) {
  if (room.seen !== null && message.number <= room.seen) return;
  room.held.set(message.number, message);
  room.newest = Math.max(room.newest, message.number);
  advance(room);
}

function history(room, page) {
  room.asking = false;
  if (room.seen === null) room.seen = (page.messages[0]?.number ?? page.last + 1) - 1;
  if (room.seen > page.last) room.seen = room.newest = 0; // the server has lost its file
  if (room.seen < page.first - 1) {
    room.seen = page.first - 1;
    show(room, remark("Older messages are not kept."));
  }
  for (const message of page.messages) room.held.set(message.number, message);
  room.newest = Math.max(room.newest, page.last);
  advance(room);
}

/** Shows what is next, and asks for what is missing before the rest. */
function advance(room) {
  if (room.seen === null) return;
  for (const number of room.held.keys()) if (number <= room.seen) room.held.delete(number);
  for (let message; (message = room.held.get(room.seen + 1)); ) {
    room.held.delete(++room.seen);
    if (message.id) settle(message.id);
    show(room, line(message, "message"));
  }
  if (room.seen < room.newest && !room.asking) {
    room.asking = true;
    send({ type: "history", room: room.name, after: room.seen });
  }
}

function post(id, draft) {
  send({ type: draft.action ? "me" : "say", room: draft.room, text: draft.text, id });
}

/** A message is acknowledged, or will never be. */
function settle(id) {
  if (pending.delete(id)) drawLog();
}

// ---- what people type ----

const commands = {
  nick: (rest) => ({ type: "nick", name: rest }),
  leave: (rest) => ({ type: "leave", room: rest || current }),
  rooms: () => ({ type: "rooms" }),
  who: (rest) => ({ type: "who", room: rest || current }),
  msg: (rest) => {
    const [, to, text] = /^(\S*)\s*(.*)$/.exec(rest);
    return { type: "msg", nick: to, text };
  },
  help: () => ({ type: "help" }),
};

function typed(line) {
  const [, word, rest] = /^\/(\w*)\s*(.*)$/.exec(line) ?? [];
  note("");
  if (word === undefined || line.startsWith("//")) say(line.replace(/^\/\//, "/"), false);
  else if (word === "me") say(rest, true);
  else if (word === "join") visit(rest);
  else if (commands[word]) send(commands[word](rest.trim()));
  else note("There is no such command; /help lists them.");
}

function say(text, action) {
  if (text.trim() === "" || current === null) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const draft = { room: current, text, action };
  pending.set(id, draft);
  drawLog();
  if (nick !== null) post(id, draft);
}

/** Goes to a room, and enters it if need be. */
function visit(name) {
  name = name.trim().toLowerCase();
  if (name === "") return;
  const known = rooms.get(name);
  if (!known) join(open(name));
  turn(name);
  send({ type: "rooms" });
}

function close(name) {
  rooms.delete(name);
  if (current === name) turn(rooms.keys().next().value ?? null);
  drawRooms();
}

// ---- drawing ----

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function line(message, kind) {
  const mine = message.nick === (nick ?? wanted);
  const classes = ["message", kind, mine && "mine", message.action && "action"];
  const item = element("li", classes.filter(Boolean).join(" "));
  if (message.number) item.dataset.number = message.number;
  if (!mine || message.action) item.append(element("span", "who", message.nick));
  item.append(element("span", "text", message.text));
  const at = new Date(message.time ?? Date.now());
  const time = element("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = at.toISOString();
  item.append(time);
  return item;
}

function remark(text) {
  return element("li", "event", text);
}

function show(room, item) {
  room.lines.push(item);
  if (room.lines.length > MOST_LINES) room.lines.shift().remove();
  if (room.name !== current) {
    room.unread += item.classList.contains("message") ? 1 : 0;
    return drawRooms();
  }
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  log.insertBefore(item, log.querySelector(".pending"));
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function came(name, who, what, change) {
  const room = rooms.get(name);
  if (!room) return;
  change(room.members);
  show(room, remark(`${who} ${what}`));
  drawMembers();
}

function drawLog() {
  const room = rooms.get(current);
  const waiting = [...pending.values()].filter((draft) => draft.room === current);
  const drafts = waiting.map((draft) => line({ ...draft, nick: nick ?? wanted }, "pending"));
  $("log").replaceChildren(...(room?.lines ?? []), ...drafts);
  $("log").scrollTop = $("log").scrollHeight;
}

function drawRooms() {
  const items = [...rooms.values()].map((room) => {
    const button = element("button", "", `# ${room.name}`);
    button.onclick = () => turn(room.name);
    if (room.name === current) button.setAttribute("aria-current", "true");
    if (room.unread > 0) button.append(element("span", "unread", room.unread));
    const item = element("li");
    item.append(button);
    return item;
  });
  $("rooms").replaceChildren(...items);
}

function drawOthers(others) {
  $("others-title").hidden = others.length === 0;
  const items = others.map(({ room, members }) => {
    const button = element("button", "", `# ${room}`);
    button.append(element("span", "count", members));
    button.onclick = () => visit(room);
    const item = element("li");
    item.append(button);
    return item;
  });
  $("others").replaceChildren(...items);
}

function drawMembers() {
  const members = [...(rooms.get(current)?.members ?? [])].sort();
  $("members").replaceChildren(...members.map((name) => element("li", "", name)));
}

function turn(name) {
  current = name;
  const room = rooms.get(name);
  if (room) room.unread = 0;
  $("title").textContent = name === null ? "No room" : `# ${name}`;
  document.title = name === null ? "chat" : `${name} · chat`;
  drawRooms();
  drawMembers();
  drawLog();
  $("text").focus();
}

function status(text, away) {
  $("status").textContent = text;
  $("status").classList.toggle("away", away);
}

function note(text) {
  $("note").textContent = text;
  $("note").hidden = text === "";
}

function enter() {
  entered = true;
  $("door").hidden = true;
  $("chat").hidden = false;
  const first = $("first-room").value.trim().toLowerCase();
  open(first); // joined with all others, once the name is ours
  turn(first);
}

$("enter").onsubmit = (event) => {
  event.preventDefault();
  $("refusal").textContent = "";
  wanted = $("nick").value.trim();
  connect();
};
$("say").onsubmit = (event) => {
  event.preventDefault();
  typed($("text").value);
  $("text").value = "";
};
$("join").onsubmit = (event) => {
  event.preventDefault();
  visit($("room").value);
  $("room").value = "";
};
$("nick").value = sessionStorage.getItem("nick") ?? "";
