// What the service tells: a state, then news by server-sent events. They are read with fetch, since EventSource cannot show a token.

const firstRetry = 3000, lastRetry = 30000, pollEvery = 10000;

export class Feed extends EventTarget {
  #token = sessionStorage.getItem("token") ?? "";
  #lastId = "";
  #retry = firstRetry;
  #stop = null;
  #running = false;

  get isSignedIn() { return this.#token !== ""; }

  /** Asks for something below /page/. Throws an Error whose `status` is that of the refusal. */
  async get(path, signal) {
    const response = await fetch(`/page/${path}`, { headers: this.#headers(), signal, cache: "no-cache" });
    if (!response.ok) throw await refusalOf(response);
    return response.json();
  }

  /** Tries a token. It is kept where it opens the page, for as long as the tab is there. */
  async signIn(token) {
    const response = await fetch("/page/state", { headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
    if (!response.ok) throw await refusalOf(response);
    this.#token = token;
    sessionStorage.setItem("token", token);
    this.#again();
  }

  signOut() {
    this.#forget();
    this.#again();
  }

  /** Runs for as long as the page is there. */
  async run() {
    if (this.#running) return;
    this.#running = true;
    for (;;) {
      this.#stop = new AbortController();
      try {
        await this.#listen(this.#stop.signal);
      } catch (fault) {
        if (fault.status === 503) await this.#poll();
        else if (fault.status === 401 || fault.status === 403) this.#refuse(fault);
        else if (fault.name !== "AbortError") this.#tell("away", { why: fault.status ? fault.message : "" });
      }
      if (this.#stop.signal.aborted) continue;
      await pause(this.#retry * (0.8 + 0.4 * Math.random()), this.#stop.signal);
      this.#retry = Math.min(lastRetry, this.#retry * 1.6);
    }
  }

  async #listen(signal) {
    const headers = this.#headers();
    if (this.#lastId) headers["last-event-id"] = this.#lastId;
    const response = await fetch("/page/events", { headers, signal, cache: "no-store" });
    if (!response.ok) throw await refusalOf(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser((event) => this.#hear(event));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parser.push(value);
    }
    this.#tell("away", { why: "" });
  }

  // As many pages are open as are kept live: this one asks now and then, and whether there is room.
  async #poll() {
    try {
      this.#tell("state", await this.get("state"));
      this.#tell("pulse", await this.get("pulse"));
      this.#tell("polling", {});
    } catch (fault) {
      this.#tell("away", { why: fault.status ? fault.message : "" });
    }
    this.#retry = pollEvery / 1.6;
  }

  #hear({ name, data, id, retry }) {
    if (retry) this.#retry = retry;
    if (id) this.#lastId = id;
    if (name) this.#tell(name, JSON.parse(data));
  }

  #refuse(fault) {
    this.#forget();
    this.#tell("refused", { why: fault.message });
    this.#retry = firstRetry / 10;
  }

  #forget() {
    this.#token = "";
    sessionStorage.removeItem("token");
  }

  // What is shown is for whoever looked before: all of it comes anew.
  #again() {
    this.#lastId = "";
    this.#retry = firstRetry;
    this.#stop?.abort();
  }

  #headers() { return this.#token ? { authorization: `Bearer ${this.#token}` } : {}; }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

/** Takes a stream of text apart (WHATWG HTML, 9.2.6), as far as our own service writes it. */
export class EventParser {
  #rest = "";
  #event = { name: "", data: "" };

  constructor(heard) { this.heard = heard; }

  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) this.#take(line);
  }

  #take(line) {
    if (line === "") {
      if (this.#event.name || this.#event.retry) this.heard(this.#event);
      this.#event = { name: "", data: "" };
      return;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) return;
    const value = line.slice(colon + 1).trimStart();
    switch (line.slice(0, colon)) {
      case "event": this.#event.name = value; break;
      case "data": this.#event.data += value; break;
      case "id": this.#event.id = value; break;
      case "retry": this.#event.retry = Number(value); break;
    }
  }
}

async function refusalOf(response) {
  let message = `The service answered ${response.status}.`;
  try {
    message = (await response.json()).error ?? message;
  } catch {
    // A proxy's own page: the status has to do.
  }
  return Object.assign(new Error(message), { status: response.status });
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
