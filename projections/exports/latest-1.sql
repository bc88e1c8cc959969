-- The position rule latest/1 at two moments, in one statement: every row of the matrix, those on dyads among them.
--
-- It reads `versions`, `effects` and `memberships`, the files of `verbale export parquet` under those names, and runs on
-- DuckDB and on Spark as it stands.  Two parameters, in this order:
--
--     as_of         T: an instant, in microseconds since 1970; a day means its end, the first instant of the next.
--                   4611686018427387904 (2^62) is no bound: all that was said counts.
--     as_known_at   K: an entry of the ledger; the last one knows everything.
--
-- A row has, of the row that `verbale matrix --json` prints:
--
--     party, issue, stance, value, since, entry, contested, inherited_from, possible_count    as they are there
--     previous_stance, previous_since, previous_entry    `previous`
--     deed, deed_bearing, deed_occurred_on               `deed`, without its text
--     rivals, disputes                                   `contested_by`: the rivals, then the disputes
--     possible                                           (place, entry, stance, said_on), at most 20
--
-- Lists of nothing are null on DuckDB and may be empty on Spark.
--
-- It has not: speaker, text, quote, attribution, conditions and credibility.  They are the words of `entry` as it reads at
-- K: the `data` of its last row in `states` with known_from <= K, else of its row in `entries`.

WITH asked AS (
    SELECT CAST(? AS BIGINT) AS t, CAST(? AS BIGINT) AS k
),
-- What K knows and T does not exclude: words that are certain, words that are possible, deeds that are certain.
known AS (
    SELECT
        v.party, v.issue, v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated, v.words, v.quote_start,
        CASE WHEN v.deeds THEN 'deeds' WHEN v.latest <= asked.t THEN 'words' ELSE 'possible' END AS kind
    FROM versions v CROSS JOIN asked
    WHERE v.known_from <= asked.k AND v.known_to > asked.k AND v.earliest < asked.t
        AND (v.latest <= asked.t OR NOT v.deeds)
),
-- Each with its place, the last in the order of the rule first; where the stance turns; and what the last of all says.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER latest_first AS place,
        CASE WHEN stance <> LAG(stance) OVER latest_first THEN 1 ELSE 0 END AS turn,
        FIRST_VALUE(stance) OVER latest_first AS last_stance,
        FIRST_VALUE(earliest) OVER latest_first AS last_earliest,
        FIRST_VALUE(latest) OVER latest_first AS last_latest,
        FIRST_VALUE(words) OVER latest_first AS last_words,
        FIRST_VALUE(quote_start) OVER latest_first AS last_quote_start
    FROM known
    WINDOW latest_first AS (PARTITION BY party, issue, kind ORDER BY starts DESC, latest DESC, entry DESC)
),
-- Run 0 is the one that stands, run 1 the one before it.  Rivals have another stance, and a date that overlaps; two
-- readings of the same words are no rivals.
told AS (
    SELECT
        *,
        SUM(turn) OVER (
            PARTITION BY party, issue, kind ORDER BY starts DESC, latest DESC, entry DESC ROWS UNBOUNDED PRECEDING
        ) AS run,
        kind = 'words' AND stance <> last_stance AND latest > last_earliest AND earliest < last_latest AND NOT COALESCE(
            words = last_words
            AND (quote_start IS NULL OR last_quote_start IS NULL OR quote_start = last_quote_start),
            FALSE
        ) AS rival
    FROM placed
),
cells AS (
    SELECT
        party, issue,
        MAX(stance) FILTER (WHERE kind = 'words' AND place = 1) AS stance,
        MAX(entry) FILTER (WHERE kind = 'words' AND place = 1) AS entry,
        MAX(starts) FILTER (WHERE kind = 'words' AND place = 1) AS starts,
        MAX(latest) FILTER (WHERE kind = 'words' AND place = 1) AS latest,
        MAX_BY(dated, place) FILTER (WHERE kind = 'words' AND run = 0) AS since,
        MAX(stance) FILTER (WHERE kind = 'words' AND run = 1) AS previous_stance,
        MAX_BY(dated, place) FILTER (WHERE kind = 'words' AND run = 1) AS previous_since,
        MIN_BY(entry, place) FILTER (WHERE kind = 'words' AND run = 1) AS previous_entry,
        COUNT(*) FILTER (WHERE rival) AS rival_count,
        ARRAY_SORT(ARRAY_AGG(entry) FILTER (WHERE rival)) AS rivals,
        COUNT(*) FILTER (WHERE kind = 'possible') AS possible_count,
        ARRAY_SORT(
            ARRAY_AGG((place, entry, stance, dated)) FILTER (WHERE kind = 'possible' AND place <= 20)
        ) AS possible,
        MAX(entry) FILTER (WHERE kind = 'deeds' AND place = 1) AS deed,
        MAX(stance) FILTER (WHERE kind = 'deeds' AND place = 1) AS deed_bearing,
        MAX(dated) FILTER (WHERE kind = 'deeds' AND place = 1) AS deed_occurred_on
    FROM told
    GROUP BY party, issue
),
-- Who is certainly a member: a joining is over by T, and no leaving that may have happened by T was not over before it.
belonging AS (
    SELECT m.party, m.coalition, m.joined, m.earliest, m.latest, m.latest <= asked.t AS certain
    FROM memberships m CROSS JOIN asked
    WHERE m.known_from <= asked.k AND m.known_to > asked.k AND m.earliest < asked.t
),
members AS (
    SELECT DISTINCT j.party, j.coalition
    FROM belonging j
    WHERE j.joined AND j.certain AND NOT EXISTS (
        SELECT 1 FROM belonging l
        WHERE NOT l.joined AND l.party = j.party AND l.coalition = j.coalition AND l.latest > j.earliest
    )
),
-- Of a member's coalitions, the one that spoke last: what it says is the member's, where that has no words of its own.
lent AS (
    SELECT *
    FROM (
        SELECT
            m.party AS member, c.*,
            ROW_NUMBER() OVER (
                PARTITION BY m.party, c.issue ORDER BY c.starts DESC, c.latest DESC, c.entry DESC, c.party
            ) AS place
        FROM members m JOIN cells c ON c.party = m.coalition
        WHERE c.entry IS NOT NULL
    ) AS voices
    WHERE place = 1
),
held AS (
    SELECT
        COALESCE(c.party, l.member) AS party,
        COALESCE(c.issue, l.issue) AS issue,
        CASE WHEN c.entry IS NULL THEN l.party END AS inherited_from,
        CASE WHEN c.entry IS NULL THEN l.stance ELSE c.stance END AS stance,
        CASE WHEN c.entry IS NULL THEN l.entry ELSE c.entry END AS entry,
        CASE WHEN c.entry IS NULL THEN l.since ELSE c.since END AS since,
        CASE WHEN c.entry IS NULL THEN l.previous_stance ELSE c.previous_stance END AS previous_stance,
        CASE WHEN c.entry IS NULL THEN l.previous_since ELSE c.previous_since END AS previous_since,
        CASE WHEN c.entry IS NULL THEN l.previous_entry ELSE c.previous_entry END AS previous_entry,
        CASE WHEN c.entry IS NULL THEN l.rival_count ELSE c.rival_count END AS rival_count,
        CASE WHEN c.entry IS NULL THEN l.rivals ELSE c.rivals END AS rivals,
        COALESCE(c.possible_count, 0) AS possible_count, c.possible, c.deed, c.deed_bearing, c.deed_occurred_on
    FROM cells c FULL OUTER JOIN lent l ON l.member = c.party AND l.issue = c.issue
),
disputed AS (
    SELECT e.target, ARRAY_SORT(ARRAY_AGG(e.amendment)) AS disputes
    FROM effects e CROSS JOIN asked
    WHERE e.kind = 'entry-disputed' AND e.known_from <= asked.k AND e.known_to > asked.k
    GROUP BY e.target
)
SELECT
    h.party, h.issue, h.stance,
    CASE h.stance
        WHEN 'oppose' THEN -2 WHEN 'reserved' THEN -1 WHEN 'uncommitted' THEN 0 WHEN 'conditional' THEN 1
        WHEN 'support' THEN 2
    END AS value,
    h.since, h.entry, h.previous_stance, h.previous_since, h.previous_entry, h.deed, h.deed_bearing, h.deed_occurred_on,
    COALESCE(h.rival_count, 0) > 0 OR d.target IS NOT NULL AS contested, h.rivals, d.disputes,
    h.possible, h.possible_count, h.inherited_from
FROM held h LEFT JOIN disputed d ON d.target = h.entry
ORDER BY h.party, h.issue
