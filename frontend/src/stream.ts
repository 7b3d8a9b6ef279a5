/** One WebSocket that comes back by itself: after a lost network, a restarted server, a sleeping laptop. */

const WAITS = [0.5, 1, 2, 4, 8]; // seconds before each new try
const QUIET = 15_000; // after so many milliseconds without a word, ask whether anyone is there
const ANSWER = 4_000; // and wait so long for the answer

export interface Listener {
  opened?(): void;
  /** What the server sent: bytes, or a text. */
  heard(data: ArrayBuffer | string): void;
  lost(): void;
}

/** `Command` is what the page may say. */
export class Stream<Command> {
  private socket: WebSocket | null = null;
  private tries = 0;
  private retry = 0;
  private watch = 0;
  private closed = false;
  private readonly url: URL;

  constructor(
    path: string,
    private readonly listener: Listener,
  ) {
    this.url = new URL(path, location.href.replace(/^http/, "ws"));
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.shown);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  get ready(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** It has begun to connect, and has not failed yet. */
  get connecting(): boolean {
    return this.socket?.readyState === WebSocket.CONNECTING && !this.tries;
  }

  /** False when there is no connection: whoever sends must be able to say it again. */
  send(command: Command | { type: "ping" }): boolean {
    if (!this.ready) return false;
    this.socket!.send(JSON.stringify(command));
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    clearTimeout(this.watch);
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.shown);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }

  /** Try at once instead of waiting. */
  again(): void {
    clearTimeout(this.retry);
    if (!this.closed && !this.ready && this.socket?.readyState !== WebSocket.CONNECTING) this.open();
  }

  private readonly wake = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.ready) this.ask(); // a socket that slept looks open and may be dead
    else this.again();
  };

  /** Back to a page that the browser had put to sleep as a whole. */
  private readonly shown = (event: PageTransitionEvent): void => {
    if (event.persisted) this.wake();
  };

  private open(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.listen();
      this.listener.opened?.();
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (socket !== this.socket) return;
      this.listen();
      this.listener.heard(event.data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.gone();
    };
  }

  /** Somebody spoke: start waiting for silence anew. */
  private listen(): void {
    clearTimeout(this.watch);
    this.watch = window.setTimeout(() => this.ask(), QUIET);
  }

  private ask(): void {
    clearTimeout(this.watch);
    if (!this.send({ type: "ping" })) return;
    this.watch = window.setTimeout(() => {
      const socket = this.socket;
      this.gone();
      socket?.close();
    }, ANSWER);
  }

  private gone(): void {
    this.socket = null;
    clearTimeout(this.watch);
    if (this.closed) return;
    this.listener.lost();
    const wait = WAITS[Math.min(this.tries++, WAITS.length - 1)]!;
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.open(), wait * 1000);
  }
}
