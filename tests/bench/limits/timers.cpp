#include <functional>
#include <queue>
#include <random>
#include <tuple>

#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/bench/limits/limits.hpp"

namespace fristvakt::bench {

namespace {

constexpr std::int64_t kSecond = 1'000'000;  // Due times are microseconds of the machine's clock.
constexpr std::int64_t kDay = 86'400 * kSecond;

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(Machine::now().time_since_epoch())
        .count();
}

/// A case's worth of bytes beside each.
const std::string& payload() {
    static const std::string kPayload(220, 'x');
    return kPayload;
}

void create(Database& database) {
    database.execute(
        "CREATE TABLE timer(id INTEGER PRIMARY KEY, due INTEGER NOT NULL, payload TEXT);"
        "CREATE INDEX timer_due ON timer(due)");
}

void fill(Database& database, int count, const std::function<std::int64_t(int)>& due_at) {
    Prepared insert(database, "INSERT INTO timer(due, payload) VALUES(?, ?)");
    for (int i = 0; i < count; ++i) {
        if (i % 1000 == 0) {
            database.execute("BEGIN IMMEDIATE");
        }
        insert.bind(due_at(i)).bind(payload()).run();
        if (i % 1000 == 999 || i + 1 == count) {
            database.execute("COMMIT");
        }
    }
}

std::int64_t far_ahead(int index) {
    return now() + kDay + std::int64_t{index} * 7919 % 2'592'000 * kSecond;
}

using Timer = std::pair<std::int64_t, std::int64_t>;  // Due, id.
using Heap = std::priority_queue<Timer, std::vector<Timer>, std::greater<>>;

Heap load(Database& database) {
    Prepared all(database, "SELECT due, id FROM timer");
    std::vector<Timer> timers;
    while (all.step()) {
        timers.emplace_back(all.integer(0), all.integer(1));
    }
    return Heap{std::greater<>{}, std::move(timers)};
}

/// 1000 timers within 20 seconds among all the others: from due to durably done.
void latency(Database& database, int count) {
    create(database);
    fill(database, count, far_ahead);
    std::mt19937 random{7};
    std::uniform_int_distribution<std::int64_t> within(0, 20 * kSecond);
    const std::int64_t base = now() + kSecond;
    fill(database, 1000, [&](int) { return base + within(random); });
    Heap heap = load(database);
    Prepared begin(database, "BEGIN IMMEDIATE");
    Prepared commit(database, "COMMIT");
    Prepared remove(database, "DELETE FROM timer WHERE id = ?");
    const int clock = timerfd_create(CLOCK_MONOTONIC, 0);
    std::vector<double> late;
    while (late.size() < 1000) {
        itimerspec at{};
        at.it_value.tv_sec = heap.top().first / kSecond;
        at.it_value.tv_nsec = heap.top().first % kSecond * 1000;
        timerfd_settime(clock, TFD_TIMER_ABSTIME, &at, nullptr);
        std::uint64_t expirations = 0;
        if (read(clock, &expirations, sizeof expirations) < 0) {
            die("timerfd");
        }
        while (heap.top().first <= now() && late.size() < 1000) {
            const auto [due, id] = heap.top();
            heap.pop();
            begin.run();
            remove.bind(id).run();
            commit.run();
            late.push_back(static_cast<double>(now() - due) / 1000.0);
        }
    }
    close(clock);
    print("p50_ms", percentile(late, 0.5));
    print("p99_ms", percentile(late, 0.99));
    print("max_ms", late.back());
}

void drain(Database& database, int count) {
    create(database);
    fill(database, count, [](int) { return now(); });
    Prepared due(database, "SELECT id, payload FROM timer WHERE due <= ? ORDER BY due LIMIT 500");
    Prepared remove(database, "DELETE FROM timer WHERE id = ?");
    const auto begin = Machine::now();
    for (int done = 0; done < count;) {
        std::vector<std::int64_t> ids;
        due.bind(now());
        while (due.step()) {
            ids.push_back(due.integer(0));
        }
        database.execute("BEGIN IMMEDIATE");
        for (const std::int64_t id : ids) {
            remove.bind(id).run();
        }
        database.execute("COMMIT");
        done += static_cast<int>(ids.size());
    }
    print("per_second", count / seconds_since(begin));
}

void prepare(Database& database, int count) {
    create(database);
    fill(database, count, far_ahead);
    fill(database, 1, [](int) { return std::int64_t{0}; });
    std::_Exit(0);  // As if killed: the WAL stays.
}

void restart(Database& database) {
    Heap heap = load(database);
    if (heap.top().first > now()) {
        die("nothing is due");
    }
    print("handled", 1);
    std::fflush(stdout);
}

}  // namespace

void timers(const Arguments& arguments) {
    const std::string& what = arguments[0];
    const int count = std::stoi(arguments[2]);
    Database database(arguments[1]);
    if (what == "latency") {
        latency(database, count);
    } else if (what == "drain") {
        drain(database, count);
    } else if (what == "prepare") {
        prepare(database, count);
    } else if (what == "restart") {
        restart(database);
    } else {
        die("timers: latency, drain, prepare or restart");
    }
}

}  // namespace fristvakt::bench
