import "reflect-metadata";
import { closeOpened } from "./database";

afterAll(closeOpened);
