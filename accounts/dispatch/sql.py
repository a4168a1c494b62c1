"""The only code that sees every organization: functions, owned by the platform role, that return no content.

They run as SECURITY DEFINER with a pinned search path. Only ``rafiq_worker`` may call them, but for the one that does
nothing but count. Function bodies are text, so migrations of the table never wait for them. Time is always
PostgreSQL's; ids and tokens come from Python.
"""

from accounts.tenancy.platform import PlatformFunction, register_platform_function

TABLE = "public.accounts_message"
ALLOWANCE = "public.accounts_sendingallowance"

# A loose index scan finds the organizations that wait in the lane.
_DUE = f"""
WITH RECURSIVE waiting AS (
  (SELECT m.organization_id FROM {TABLE} m
    WHERE m.status = 'pending' AND m.lane = p_lane ORDER BY m.organization_id LIMIT 1)
  UNION ALL
  SELECT (SELECT m.organization_id FROM {TABLE} m
           WHERE m.status = 'pending' AND m.lane = p_lane AND m.organization_id > w.organization_id
           ORDER BY m.organization_id LIMIT 1)
    FROM waiting w WHERE w.organization_id IS NOT NULL
), due AS MATERIALIZED (
  SELECT w.organization_id FROM waiting w
   WHERE w.organization_id IS NOT NULL AND EXISTS (
     SELECT 1 FROM {TABLE} m WHERE m.status = 'pending' AND m.lane = p_lane
        AND m.organization_id = w.organization_id AND m.next_attempt_at <= now())
)"""

# The oldest of one organization, which the query around it calls o; of all that wait there, each gets an equal part.
# FOR UPDATE checks the row again after locking, SKIP LOCKED keeps workers apart.
_OLDEST = f"""
     SELECT m.id, m.next_attempt_at FROM {TABLE} m
      WHERE m.status = 'pending' AND m.lane = p_lane
        AND m.organization_id = o.organization_id AND m.next_attempt_at <= now()
      ORDER BY m.next_attempt_at, m.id
      LIMIT (SELECT greatest(1, ceil(p_batch::numeric / greatest(1, (SELECT count(*) FROM {{waiting}}))))::integer)
      FOR UPDATE SKIP LOCKED"""

_LEASE = f"""
UPDATE {TABLE} m SET status = 'leased', lease_token = p_token, lease_until = now() + p_lease
  FROM picked WHERE m.id = picked.id
RETURNING m.id, m.organization_id"""

# Organizations come in random order, so a small one never stands behind a big one's campaign, and a lone one gets
# the whole batch.
CLAIM = f"""
CREATE OR REPLACE FUNCTION dispatch.claim(p_lane integer, p_batch integer, p_token uuid, p_lease interval)
RETURNS TABLE (id uuid, organization_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $claim$
{_DUE}, picked AS MATERIALIZED (
  SELECT p.id FROM (SELECT d.organization_id FROM due d ORDER BY random()) o
   CROSS JOIN LATERAL ({_OLDEST.format(waiting="due")}) p
   LIMIT p_batch
)
{_LEASE}
$claim$
"""

# The same for organizations that have tokens left, and no more than those.
CLAIM_WITHIN = f"""
CREATE OR REPLACE FUNCTION dispatch.claim_within(
  p_lane integer, p_batch integer, p_token uuid, p_lease interval, p_rate double precision, p_burst double precision)
RETURNS TABLE (id uuid, organization_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $claim$
{_DUE}, allowed AS MATERIALIZED (
  SELECT o.organization_id, o.tokens FROM (
    SELECT d.organization_id, floor(least(p_burst, coalesce(
             a.tokens + p_rate * extract(epoch FROM clock_timestamp() - a.refilled_at), p_burst))) AS tokens
      FROM due d LEFT JOIN {ALLOWANCE} a ON a.organization_id = d.organization_id) o
   WHERE o.tokens >= 1
), picked AS MATERIALIZED (
  SELECT r.id FROM (
    SELECT p.id, o.place, o.tokens,
           row_number() OVER (PARTITION BY o.organization_id ORDER BY p.next_attempt_at, p.id) AS number
      FROM (SELECT w.organization_id, w.tokens, random() AS place FROM allowed w) o
     CROSS JOIN LATERAL ({_OLDEST.format(waiting="allowed")}) p) r
   WHERE r.number <= r.tokens
   ORDER BY r.place LIMIT p_batch
)
{_LEASE}
$claim$
"""

# What a batch costs its organizations (p_each = 1), or gets back for what was not sent (-1).
CHARGE = f"""
CREATE OR REPLACE FUNCTION dispatch.charge(
  p_token uuid, p_rate double precision, p_burst double precision, p_each integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $charge$
WITH spent AS (
  SELECT m.organization_id, p_each * count(*) AS tokens
    FROM {TABLE} m WHERE m.status = 'leased' AND m.lease_token = p_token GROUP BY m.organization_id)
INSERT INTO {ALLOWANCE} AS a (id, organization_id, tokens, refilled_at)
SELECT s.organization_id, s.organization_id, greatest(0, least(p_burst, p_burst - s.tokens)), clock_timestamp()
  FROM spent s
ON CONFLICT (organization_id) DO UPDATE SET refilled_at = excluded.refilled_at, tokens = greatest(0, least(p_burst,
  least(p_burst, a.tokens + p_rate * extract(epoch FROM excluded.refilled_at - a.refilled_at))
  - (SELECT s.tokens FROM spent s WHERE s.organization_id = a.organization_id)))
$charge$
"""

GIVE_BACK = f"""
CREATE OR REPLACE FUNCTION dispatch.give_back(p_token uuid) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $give_back$
WITH freed AS (
  UPDATE {TABLE} m SET status = 'pending', lease_token = NULL, lease_until = NULL
   WHERE m.status = 'leased' AND m.lease_token = p_token
  RETURNING 1)
SELECT count(*) FROM freed
$give_back$
"""

# Leased and expired was never sent: free again, not charged. Sending and expired is uncertain: tried again later,
# and after too many lost workers handed to the caller under a new lease, who buries it in its own organization
# where the hooks can run. Answers of "later" (deferrals) do not count as lost workers.
REAP = f"""
CREATE OR REPLACE FUNCTION dispatch.reap(
  p_limit integer, p_max_attempts integer, p_token uuid, p_lease interval, p_backoff interval, p_reason text)
RETURNS TABLE (id uuid, organization_id uuid, is_doomed boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $reap$
WITH expired AS MATERIALIZED (
  SELECT m.id, m.status = 'sending' AS was_sending,
         m.status = 'sending' AND m.attempts - m.deferrals >= p_max_attempts AS is_doomed
    FROM {TABLE} m
   WHERE m.status IN ('leased', 'sending') AND m.lease_until < now()
   ORDER BY m.lease_until LIMIT p_limit
   FOR UPDATE SKIP LOCKED)
UPDATE {TABLE} m SET
  status = CASE WHEN e.is_doomed THEN 'sending' ELSE 'pending' END,
  lease_token = CASE WHEN e.is_doomed THEN p_token END,
  lease_until = CASE WHEN e.is_doomed THEN now() + p_lease END,
  uncertain = m.uncertain + e.was_sending::integer,
  last_error = CASE WHEN e.was_sending THEN p_reason ELSE m.last_error END,
  next_attempt_at = CASE WHEN e.was_sending
    THEN now() + p_backoff * power(4, least(5, greatest(0, m.attempts - m.deferrals - 1)))
    ELSE m.next_attempt_at END
  FROM expired e WHERE m.id = e.id
RETURNING m.id, m.organization_id, e.is_doomed
$reap$
"""

# After a restore: everything that was due, whatever the workers of then were doing with it.
HOLD = f"""
CREATE OR REPLACE FUNCTION dispatch.hold(p_before timestamp with time zone) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $hold$
WITH held AS (
  UPDATE {TABLE} m SET status = 'held', lease_token = NULL, lease_until = NULL
   WHERE m.status IN ('pending', 'leased', 'sending') AND m.due_at <= p_before
  RETURNING 1)
SELECT count(*) FROM held
$hold$
"""

# Numbers alone, so the web may ask too. Each part reads a partial index: what was sent costs nothing here.
FIGURES = f"""
CREATE OR REPLACE FUNCTION dispatch.figures() RETURNS TABLE (lane integer, state text, rows bigint, oldest float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $figures$
SELECT m.lane, CASE WHEN m.next_attempt_at <= now() THEN 'due' ELSE 'scheduled' END, count(*),
       extract(epoch FROM now() - min(m.next_attempt_at))::float8
  FROM {TABLE} m WHERE m.status = 'pending' GROUP BY 1, 2
UNION ALL
SELECT m.lane, m.status, count(*), NULL
  FROM {TABLE} m WHERE m.status IN ('leased', 'sending') GROUP BY 1, 2
UNION ALL
SELECT m.lane, m.status, count(*), NULL
  FROM {TABLE} m WHERE m.status IN ('dead', 'held') GROUP BY 1, 2
$figures$
"""

FUNCTIONS = (
    PlatformFunction("dispatch", "claim", "integer, integer, uuid, interval", CLAIM, "rafiq_worker"),
    PlatformFunction(
        "dispatch",
        "claim_within",
        "integer, integer, uuid, interval, double precision, double precision",
        CLAIM_WITHIN,
        "rafiq_worker",
    ),
    PlatformFunction("dispatch", "charge", "uuid, double precision, double precision, integer", CHARGE, "rafiq_worker"),
    PlatformFunction("dispatch", "give_back", "uuid", GIVE_BACK, "rafiq_worker"),
    PlatformFunction("dispatch", "hold", "timestamp with time zone", HOLD, "rafiq_worker"),
    PlatformFunction("dispatch", "figures", "", FIGURES, "rafiq_app"),
    PlatformFunction("dispatch", "reap", "integer, integer, uuid, interval, interval, text", REAP, "rafiq_worker"),
)

for _function in FUNCTIONS:
    register_platform_function(_function)
