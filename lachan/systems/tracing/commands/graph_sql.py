"""`rules.levels` in SQL, over the persons that a change can have touched and nobody else."""

from functools import reduce

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS tracing_affected (
    person bigint PRIMARY KEY, origin bigint, step int) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS tracing_incoming (
    person bigint, source bigint, starts_at timestamptz, ends_at timestamptz, onward boolean,
    case_from timestamptz, case_until timestamptz, stored_level int, stored_from timestamptz
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS tracing_level (
    person bigint PRIMARY KEY, level int, first_exposed_at timestamptz, exposed_at timestamptz, source bigint,
    infects_from timestamptz) ON COMMIT DELETE ROWS;
TRUNCATE tracing_affected, tracing_incoming, tracing_level
"""

SEEDS = """
INSERT INTO tracing_affected SELECT id, id, 0 FROM unnest(%(seeds)s::bigint[]) id ON CONFLICT DO NOTHING;
ANALYZE tracing_affected
"""

DOWNSTREAM = """
INSERT INTO tracing_affected
SELECT e.person_root_id, min(a.origin), %(step)s
FROM tracing_affected a JOIN tracing_exposure e ON e.source_root_id = a.person
WHERE a.step = %(step)s - 1 AND e.withdrawn_at IS NULL
GROUP BY e.person_root_id ON CONFLICT DO NOTHING;
ANALYZE tracing_affected
"""

# Parts that occur in several statements; written where a name in angle brackets stands.

# rules.eligible and rules.levels.expired
ELIGIBLE = """
e.withdrawn_at IS NULL AND e.source_root_id <> e.person_root_id
AND e.ends_at > %(at)s - make_interval(days => %(follow_up_days)s)
AND (e.kind IN ('residence', 'import') OR (
    (e.kind <> 'co-presence' OR e.closed_space IS DISTINCT FROM false)
    AND e.minutes >= CASE WHEN e.masked THEN %(minutes_masked)s ELSE %(minutes_unmasked)s END))
"""

# rules.cleared
CLEARED = """
EXISTS (SELECT 1 FROM tracing_negativetest n WHERE n.root_id = who.person_id AND n.voided_by IS NULL
    AND n.collected_at >= who.exposed_at + make_interval(days => %(wait_days)s))
"""

IS_CASE = """
c.closed_at IS NULL AND c.joined_to_id IS NULL AND c.classification = 'confirmed'
"""

# Of an affected person: the case does not let this exposure count.
SPARES = """
(c.ended_at IS NULL OR e.starts_at < c.ended_at)
"""

MET_A_CASE = """
i.ends_at > i.case_from AND (i.case_until IS NULL OR greatest(i.starts_at, i.case_from) < i.case_until)
"""
MET_A_CONTACT = """
i.onward AND ((i.stored_level = %(level)s - 1 AND i.ends_at > i.stored_from) OR i.ends_at > l.infects_from)
"""

PARTS = {
    "<e is eligible>": ELIGIBLE,
    "<k is cleared>": CLEARED.replace("who.", "k."),
    "<t is cleared>": CLEARED.replace("who.", "t."),
    "<c is a case>": IS_CASE,
    "<c spares>": SPARES,
    "<i met a case>": MET_A_CASE,
    "<i met a contact>": MET_A_CONTACT,
}


def _with_parts(statement: str) -> str:
    return reduce(lambda done, part: done.replace(*part), PARTS.items(), statement)


# Where the source is not itself affected, its stored place in the graph holds.
INCOMING = _with_parts("""
INSERT INTO tracing_incoming
SELECT e.person_root_id, e.source_root_id, e.starts_at, e.ends_at,
    %(settings)s::text[] IS NULL OR e.setting = ANY(%(settings)s),
    c.infectious_from, c.infectious_until, k.level,
    CASE WHEN NOT <k is cleared>
        THEN k.first_exposed_at + make_interval(days => %(wait_days)s) END
FROM tracing_affected a
JOIN tracing_exposure e ON e.person_root_id = a.person
LEFT JOIN tracing_affected s ON s.person = e.source_root_id
LEFT JOIN tracing_case c ON c.root_id = e.source_root_id AND <c is a case>
LEFT JOIN tracing_contact k ON k.person_id = e.source_root_id AND k.ended_at IS NULL AND s.person IS NULL
WHERE <e is eligible> AND (s.person IS NOT NULL OR c.id IS NOT NULL OR k.id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM tracing_case c WHERE c.root_id = a.person AND <c is a case> AND <c spares>);
ANALYZE tracing_incoming
""")

LEVEL = _with_parts("""
INSERT INTO tracing_level
SELECT t.*, CASE WHEN NOT <t is cleared>
    THEN t.first_exposed_at + make_interval(days => %(wait_days)s) END
FROM (
    SELECT i.person AS person_id, %(level)s AS level, min(i.starts_at) AS first_exposed_at,
        max(i.ends_at) AS exposed_at, (array_agg(i.source ORDER BY i.ends_at DESC, i.source))[1] AS source
    FROM tracing_incoming i
    LEFT JOIN tracing_level l ON l.person = i.source AND l.level = %(level)s - 1
    WHERE NOT EXISTS (SELECT 1 FROM tracing_level x WHERE x.person = i.person)
        AND CASE WHEN %(level)s = 1 THEN <i met a case> ELSE <i met a contact> END
    GROUP BY i.person
) t;
ANALYZE tracing_level
""")

DIFFERENCES = _with_parts("""
SELECT a.person, a.origin, k.id, k.found_event,
    EXISTS (SELECT 1 FROM tracing_case c WHERE c.root_id = a.person AND <c is a case> AND c.ended_at IS NULL),
    k.level, k.first_exposed_at, k.exposed_at, k.source_id,
    l.level, l.first_exposed_at, l.exposed_at, l.source
FROM tracing_affected a
LEFT JOIN tracing_contact k ON k.person_id = a.person AND k.ended_at IS NULL
LEFT JOIN tracing_level l ON l.person = a.person
WHERE (k.level, k.first_exposed_at, k.exposed_at, k.source_id)
    IS DISTINCT FROM (l.level, l.first_exposed_at, l.exposed_at, l.source)
ORDER BY coalesce(l.level, k.level), a.person
""")

UPDATE = """
UPDATE tracing_contact k SET level = l.level, first_exposed_at = l.first_exposed_at, exposed_at = l.exposed_at,
    source_id = l.source
FROM tracing_level l WHERE l.person = k.person_id AND k.ended_at IS NULL AND k.id = ANY(%(ids)s)
"""

END = """
UPDATE tracing_contact k SET ended_at = %(at)s, end_reason = ended.reason
FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS ended(id, reason) WHERE k.id = ended.id
"""

EXPOSURES = """
INSERT INTO tracing_exposure (source_id, person_id, source_root_id, person_root_id, place_id, starts_at, ends_at,
    minutes, masked, closed_space, kind, setting, presence_ids, ref, event_id, found_at, withdrawn_reason)
SELECT m.person_id, m.other_id, coalesce(s.merged_into_id, s.id), coalesce(o.merged_into_id, o.id), m.place_id,
    m.starts_at, m.ends_at, floor(extract(epoch FROM m.ends_at - m.starts_at) / 60), m.both_masked, c.closed_space,
    CASE WHEN m.standing THEN 'residence' ELSE 'co-presence' END, c.kind,
    array_remove(ARRAY[m.presence_id, m.other_presence_id], NULL), '', cause.event_id, %(at)s, ''
FROM copresence_meeting m
JOIN core_person s ON s.id = m.person_id
JOIN core_person o ON o.id = m.other_id
JOIN core_place c ON c.id = m.place_id
JOIN unnest(%(roots)s::bigint[], %(events)s::uuid[]) AS cause(root, event_id)
    ON cause.root = coalesce(s.merged_into_id, s.id)
WHERE coalesce(s.merged_into_id, s.id) <> coalesce(o.merged_into_id, o.id)
ON CONFLICT DO NOTHING
"""
