-- Families without tokens.
-- name: FamilyDeleteEmpty :execrows
delete from refresh_families
where
  refresh_families.id = any(@ids::uuid[])
  and not exists (
    select 1
    from refresh_tokens
    where refresh_tokens.family_id = refresh_families.id
  );
