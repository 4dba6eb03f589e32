#include "tests/bench/limits/limits.hpp"

namespace fristvakt::bench {

namespace {

struct StoredCase {
    std::string id;
    std::string data;
    bool is_exempt{false};
};

/// Spread over all that is stored, as the product's own measure has them.
std::vector<StoredCase> some_cases(Database& database) {
    Prepared count(database, "SELECT count(*), max(rowid) FROM cases");
    count.step();
    const auto last = count.integer(1);
    count.reset();
    Prepared one(database, "SELECT id, data FROM cases WHERE rowid = ?");
    std::vector<StoredCase> cases;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(10'000, last); ++i) {
        one.bind(1 + i * 7919 % last);
        if (one.step()) {
            cases.push_back({one.text(0), one.text(1), false});
        }
        one.reset();
    }
    return cases;
}

}  // namespace

void rows(const Arguments& arguments) {
    Database database(arguments[0]);
    const auto batch = std::stoul(arguments[1]);
    const double seconds = std::stod(arguments[2]);
    auto cases = some_cases(database);
    Prepared last(database, "SELECT max(sequence) FROM log");
    last.step();
    std::int64_t sequence = last.integer(0);
    last.reset();
    Prepared begin(database, "BEGIN IMMEDIATE");
    Prepared commit(database, "COMMIT");
    Prepared log(database,
                 "INSERT INTO log(sequence, at, kind, case_id, payload, aside, hash) "
                 "VALUES(?, ?, ?, ?, ?, ?, ?)");
    Prepared change(database,
                    "UPDATE cases SET state = ?, final = ?, next_at = ?, data = ? WHERE id = ?");
    const std::string payload(330, 'x');
    const std::string aside(90, 'x');
    const std::string hash(32, 'x');
    std::size_t next = 0;
    std::size_t done = 0;
    const auto started = Machine::now();
    while (seconds_since(started) < seconds) {
        begin.run();
        for (std::size_t i = 0; i < batch; ++i) {
            StoredCase& one = cases[next++ % cases.size()];
            one.is_exempt = !one.is_exempt;
            log.bind(++sequence).bind(1'800'000'000).bind("event").bind(one.id).bind(payload);
            log.bind(aside).bind_blob(hash).run();
            change.bind(one.is_exempt ? "exempt" : "awaited").bind(one.is_exempt ? 1 : 0);
            change.bind(1'900'000'000).bind(one.data).bind(one.id).run();
        }
        commit.run();
        done += batch;
    }
    print("per_second", static_cast<double>(done) / seconds_since(started));
}

}  // namespace fristvakt::bench
