import type { ComponentError } from "./error";
import { ownerFailed, stop } from "./failure";
import { fallbackDone } from "./lookup";
import { roundDone, roundFailed } from "./loop";
import { branchDone } from "./parallel";
import { endBranchTime } from "./time-limits";
import type { FrameSpot, Turn } from "./turn";

/** All members of a frame have settled: its owner goes on, or the execution is over. */
export function frameDone(turn: Turn, frame: FrameSpot): void {
  const { up } = frame;
  if (up === undefined) {
    turn.ending = { status: turn.warned > 0 ? "completed_with_warnings" : "completed" };
    turn.effect({ kind: "conclude", status: turn.ending.status });
  } else if (isLive(turn, frame)) {
    if (up.spot.node.kind === "loop") roundDone(turn, up.spot, frame);
    else if (up.spot.node.kind === "lookup") fallbackDone(turn, up.spot, frame);
    else {
      endBranchTime(turn, frame);
      branchDone(turn, up.spot, up.at);
    }
  }
}

/** A failure that nothing in the frame tolerates: it reaches the owner, or ends the execution. */
export function frameFailed(turn: Turn, frame: FrameSpot, error: ComponentError): void {
  const { up } = frame;
  if (up === undefined) stop(turn, "failed", error);
  else if (isLive(turn, frame)) {
    if (up.spot.node.kind === "loop") roundFailed(turn, up.spot, frame, error);
    else {
      endBranchTime(turn, frame);
      ownerFailed(turn, up.spot, error);
    }
  }
}

/** A frame of an owner that was stopped or has settled has no more say. */
function isLive(turn: Turn, { up }: FrameSpot): boolean {
  return up === undefined || turn.slot(up.spot).status === "running";
}
