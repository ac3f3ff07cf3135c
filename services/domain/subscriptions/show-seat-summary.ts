import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { readSeatSummary, type SeatSummary } from "./seat-summary.store";

/** How many seats are bought, taken and free: three numbers, because they differ (SUB-01, SUB-02, SUB-19). */
export const showSeatSummary = useCase(
  "seat:read",
  async (tx: Tx, _input: object): Promise<SeatSummary> => readSeatSummary(tx),
  "showSeatSummary",
);
