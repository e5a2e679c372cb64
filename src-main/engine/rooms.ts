import type { SessionRooms } from "./course";
import { Flights } from "./flights";
import type { Laboratory } from "./ports";

/** What a session works with, in a laboratory where it has one. */
export function inLab(rooms: SessionRooms, lab: Laboratory | undefined): SessionRooms {
  if (lab === undefined) return rooms;
  const { clock, grouping, breakers, cache } = lab;
  return {
    ...rooms,
    clock,
    carrier: lab.carrier(rooms.carrier),
    grouping: rooms.grouping && grouping,
    breakers,
    cache,
    flights: flightsOf(lab),
  };
}

const flights = new WeakMap<Laboratory, Flights>();

/** Executions of one laboratory wait for each other's fetches, and for nobody else's. */
function flightsOf(lab: Laboratory): Flights {
  let own = flights.get(lab);
  if (own === undefined) flights.set(lab, (own = new Flights(lab.clock)));
  return own;
}
