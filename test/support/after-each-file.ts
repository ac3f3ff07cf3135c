import "reflect-metadata";
import { closeOpened } from "./database";
import { takeQueued, watchConnections } from "./one-statement";

watchConnections();

afterAll(async () => {
  await closeOpened();
  // DB-15, over the whole suite.
  expect(takeQueued()).toEqual([]);
});
