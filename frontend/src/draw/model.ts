/** The part of the anywidget contract that views use: the same file serves a page and a notebook. */

export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
  save_changes(): void;
  send(content: unknown): void;
}

export interface Mount {
  model: Model;
  el: HTMLElement;
}

/** A view draws itself into `el`, again after every change, and returns how to take it away. */
export interface ViewModule {
  default: { render(mount: Mount): () => void };
}

/** A model that lives in the page. */
export class PageModel implements Model {
  private readonly values = new Map<string, unknown>();
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(private readonly receive: (content: unknown) => void = () => {}) {}

  get(name: string): unknown {
    return this.values.get(name);
  }

  set(name: string, value: unknown): void {
    this.values.set(name, value);
    for (const listener of this.listeners.get(`change:${name}`) ?? []) listener();
  }

  on(event: string, listener: () => void): void {
    const known = this.listeners.get(event);
    if (known) known.add(listener);
    else this.listeners.set(event, new Set([listener]));
  }

  off(event: string, listener: () => void): void {
    this.listeners.get(event)?.delete(listener);
  }

  save_changes(): void {} // nothing lies between this model and the page

  send(content: unknown): void {
    this.receive(content);
  }
}
