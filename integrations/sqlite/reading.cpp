#include "integrations/sqlite/reading.hpp"

#include <string>
#include <utility>

#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/files.hpp"
#include "integrations/sqlite/projections.hpp"
#include "integrations/sqlite/schema.hpp"
#include "integrations/sqlite/sqlite_snapshot.hpp"

namespace fristvakt::integrations {

using workflows::Result;
using workflows::Status;

namespace {

/// Folds until the first entry later than `at` into the empty projections of `target`.
void fold_until(Connection& source, Connection& target, workflows::Instant at) {
    Projections projections(target);
    projections.begin();
    Query rows =
        source.query("SELECT sequence, at, kind, case_id, payload FROM log ORDER BY sequence");
    while (rows.step() && rows.instant(1) <= at) {
        const LogColumns columns{rows.integer(0), rows.instant(1), rows.text(2), rows.text(3)};
        const auto payload = decode_payload(rows.bytes(4), columns, &projections);
        if (!payload.ok()) {
            throw_corrupt("entry " + std::to_string(columns.sequence) +
                          " of the log: " + payload.error().message);
        }
        projections.fold(payload.value().entry.change);
    }
    projections.finish();
}

}  // namespace

Result<std::unique_ptr<workflows::Snapshot>> open_for_reading(const std::filesystem::path& file) {
    if (const Status found = require_file(file); !found.ok()) {
        return found.error();
    }
    try {
        auto pool = std::make_shared<ReaderPool>(file);
        auto connection = pool->take();
        if (const Status known = require_present_format(*connection, file); !known.ok()) {
            return known.error();
        }
        pool->give_back(std::move(connection));
        return take_snapshot(std::move(pool));
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "opening it for reading");
    }
}

Result<CaseAsOf> case_as_of(const std::filesystem::path& file, std::string_view case_id,
                            workflows::Instant at) {
    if (const Status found = require_file(file); !found.ok()) {
        return found.error();
    }
    try {
        Connection source(file, Access::Reader);
        if (const Status known = require_present_format(source, file); !known.ok()) {
            return known.error();
        }
        Connection folded;
        create_projections(folded);
        fold_until(source, folded, at);
        const std::string id{case_id};
        return CaseAsOf{.item = find_case(folded, id),
                        .reminders = reminders_of(folded, id),
                        .ledger = read_ledger(folded)};
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "reading its log");
    }
}

}  // namespace fristvakt::integrations
