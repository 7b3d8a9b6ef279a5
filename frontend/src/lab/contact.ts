/** The connection of one figure with its run: what was asked before there was one, and what is lost. */

import { messages } from "../frames.ts";
import type { Command, ServerMessage, Start } from "../messages.ts";
import { Stream } from "../stream.ts";
import { Player } from "./player.ts";
import type { Run } from "./run.ts";

export interface ContactListener {
  heard(message: ServerMessage, bytes: number): void;
  /** The run that was to be watched again is no more; `again`: after a lost connection. */
  missing(again: boolean): void;
  changed(): void;
}

export class Contact {
  gone = false; // the run was over when the connection came back
  lostAt: number | null = null; // when the connection was lost
  private leads = true; // the run waits until this page has drawn; the pages of others are spared the word
  private attaching: "page" | "again" | null = null;
  private waiting: Start | null = null; // a start that was asked for without a connection
  private unanswered: Start | null = null; // the first start, sent and not heard of again
  private readonly stream: Stream<Command> | Player;

  /** Begin with a start, or by watching the run that `run` names; a `recording` is played here. */
  constructor(
    private readonly run: Run,
    first: Start | null,
    private readonly listener: ContactListener,
    recording: string | null = null,
  ) {
    this.waiting = first;
    if (recording) {
      const heard = (message: ServerMessage, bytes: number) => this.take(message, bytes);
      this.stream = new Player(recording, { opened: () => this.opened(), heard });
      return;
    }
    if (!first) this.attaching = "page";
    this.stream = new Stream("/ws", {
      opened: () => this.opened(),
      heard: (data) => this.heard(data as ArrayBuffer),
      lost: () => {
        this.lostAt ??= performance.now();
        listener.changed();
      },
    });
  }

  get lost(): boolean {
    return this.lostAt !== null;
  }

  /** A command, or a try to be connected again. */
  send(command: Command): void {
    if (!this.stream.send(command)) this.stream.again();
  }

  /** A frame was drawn: the next one may be made. */
  drawn(): void {
    if (this.leads) this.stream.send({ type: "ack" });
  }

  /** Have the server start a run in place of this one, as soon as it can be reached. */
  order(command: Start): void {
    this.gone = false;
    this.attaching = null;
    this.run.id = null;
    if (this.stream.send(command)) return;
    this.waiting = command;
    this.stream.again();
  }

  /** A start that waits, or that nobody has answered, is to play; whether there is one. */
  playsWhatWaits(): boolean {
    if (this.waiting?.paused) {
      this.waiting.paused = false;
      return true;
    }
    if (!this.unanswered?.paused || !this.stream.send({ type: "play" })) return false;
    this.unanswered = null;
    return true;
  }

  /** A run has begun to be told; whether it is the one that was watched before. */
  began(): boolean {
    const again = this.attaching !== null;
    this.attaching = null;
    this.gone = false;
    return again;
  }

  retry(): void {
    this.stream.again();
  }

  close(): void {
    this.stream.close();
  }

  private opened(): void {
    this.lostAt = null;
    if (this.waiting) {
      this.stream.send(this.waiting);
      this.unanswered = this.waiting;
      this.waiting = null;
    } else if (this.run.id && !this.gone) {
      this.attaching ??= "again";
      this.stream.send({ type: "attach", run: this.run.id });
    }
    this.listener.changed();
  }

  private heard(data: ArrayBuffer): void {
    for (const [message, length] of messages(data)) this.take(message as unknown as ServerMessage, length);
  }

  private take(message: ServerMessage, bytes: number): void {
    if (message.type === "run" || message.type === "error") this.unanswered = null;
    if (this.attaching && (message.type === "error" || message.type === "state")) {
      const again = this.attaching === "again";
      this.attaching = null;
      this.run.id = null;
      this.gone = again;
      this.listener.missing(again);
      return;
    }
    if (message.type === "lead") this.leads = message.on;
    else this.listener.heard(message, bytes);
  }
}
