-- Which connection put somebody, or a group, into a group; null where a person did, and for what is older than this. What
-- a connection that may grant members only has put there hands on no role (SCIM-048), whoever looks at it later. No
-- foreign key, as with managed_by: a group of ten thousand would ask ten thousand times for one row, and the copy of a
-- preview holds edges whose connection is gone.
alter table group_member add column added_by uuid;
