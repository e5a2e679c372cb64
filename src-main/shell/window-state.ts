import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Where a window was. */
export interface WindowState {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const LEAST = { width: 1024, height: 640 };
const USUAL = { width: 1440, height: 900 };
/** So much of a title bar must be on a screen for the window to be moved by it. */
const GRIP = 80;

/** The state kept in `file`, if it still lies on one of `screens`; else a window of usual size on the first one. */
export function restoredState(file: string, screens: readonly Area[]): WindowState {
  const kept = readState(file);
  if (kept !== undefined && screens.some((screen) => isReachable(kept, screen))) return kept;
  const [screen] = screens;
  const width = Math.min(USUAL.width, screen?.width ?? USUAL.width);
  const height = Math.min(USUAL.height, screen?.height ?? USUAL.height);
  const x = (screen?.x ?? 0) + Math.max(0, Math.round(((screen?.width ?? width) - width) / 2));
  const y = (screen?.y ?? 0) + Math.max(0, Math.round(((screen?.height ?? height) - height) / 2));
  return { x, y, width, height, maximized: kept?.maximized ?? false };
}

/** Keeps the state as a whole or not at all. */
export function keepState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, JSON.stringify(state));
  renameSync(`${file}.part`, file);
}

function isReachable(state: WindowState, screen: Area): boolean {
  const right = state.x + state.width;
  return (
    right > screen.x + GRIP &&
    state.x < screen.x + screen.width - GRIP &&
    state.y >= screen.y &&
    state.y < screen.y + screen.height - GRIP
  );
}

/** A missing or damaged file is no state: it holds nothing that anybody would miss. */
function readState(file: string): WindowState | undefined {
  let value: Partial<WindowState>;
  try {
    value = JSON.parse(readFileSync(file, "utf8")) as Partial<WindowState>;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const { x, y, width, height, maximized } = value ?? {};
  if (![x, y, width, height].every((number) => Number.isFinite(number))) return undefined;
  return {
    x: x!,
    y: y!,
    width: Math.max(LEAST.width, width!),
    height: Math.max(LEAST.height, height!),
    maximized: maximized === true,
  };
}
