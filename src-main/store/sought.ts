import { isJsonObject } from "@shared/base/json";

/** How a stored thing holds what is sought: in a field of the name, or only elsewhere in its texts. */
export type Held = "field" | "elsewhere" | undefined;

/** A value that a person's data is found by; without `field`, wherever it stands. Letter case does not matter. */
export class Sought {
  private readonly field: string | undefined;
  private readonly value: string;
  /** The longest part of the value that JSON writes as it is, however often it is wrapped. */
  private readonly needle: string;

  constructor({ field, value }: { readonly field?: string; readonly value: string }) {
    this.field = field?.toLowerCase();
    this.value = value.toLowerCase();
    const parts = this.value.split(/["\\\u0000-\u001f\ud800-\udfff]/);
    this.needle = parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
  }

  /** In JSON text. `read` reads it where it is written in a way of its own. */
  inText(text: string, read: (text: string) => unknown = JSON.parse): Held {
    if (!text.toLowerCase().includes(this.needle)) return undefined;
    return this.in(read(text), false);
  }

  /** In anything that came from JSON; `named`: below a field of the name. */
  in(json: unknown, named: boolean): Held {
    if (typeof json === "string") return this.inString(json, named);
    if (typeof json === "number" || typeof json === "boolean") return this.inString(String(json), named);
    if (Array.isArray(json)) return this.first(json, (item) => this.in(item, named));
    if (!isJsonObject(json)) return undefined;
    return this.first(Object.entries(json), ([key, item]) => {
      const below = this.in(item, named || key.toLowerCase() === this.field);
      return below ?? (key.toLowerCase().includes(this.value) ? this.anywhere() : undefined);
    });
  }

  private inString(text: string, named: boolean): Held {
    const lower = text.toLowerCase();
    if (named && lower.trim() === this.value) return "field";
    if (/^\s*[[{]/.test(text) && lower.includes(this.needle)) {
      const inner = parsed(text);
      const held = inner === undefined ? undefined : this.in(inner, named);
      if (held !== undefined) return held;
    }
    return lower.includes(this.value) ? this.anywhere() : undefined;
  }

  /** Where no field is named, every place counts as one. */
  private anywhere(): Held {
    return this.field === undefined ? "field" : "elsewhere";
  }

  private first<T>(items: readonly T[], look: (item: T) => Held): Held {
    let held: Held;
    for (const item of items) {
      const found = look(item);
      if (found === "field") return found;
      held ??= found;
    }
    return held;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
