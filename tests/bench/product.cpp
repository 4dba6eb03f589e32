#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "daemon/configuration/configuration_source.hpp"
#include "daemon/delivery/delivery_pool.hpp"
#include "daemon/engine/engine.hpp"
#include "daemon/service/engine_service.hpp"
#include "integrations/mail/smtp_channel.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "tests/bench/bench_clock.hpp"

/// The engine, its store and its senders, as the daemon has them, without the daemon around:
///
///   bench_product COMMAND CONFIG DATABASE [ARGUMENT …]
///
/// Prints "NAME VALUE" lines. Whatever fails ends it with a message and exit code 1.
namespace fristvakt::bench {
namespace {

using workflows::Instant;

[[noreturn]] void die(const std::string& why) {
    std::fprintf(stderr, "bench_product: %s\n", why.c_str());
    std::exit(1);
}

template <typename T>
T take(workflows::Result<T> result) {
    if (!result.ok()) {
        die(result.error().message);
    }
    return std::move(result).value();
}

void print(const char* name, double value) {
    std::printf("%s %.9g\n", name, value);
}

double percentile(std::vector<double>& sorted, double part) {
    std::sort(sorted.begin(), sorted.end());
    const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size()));
    return sorted.empty() ? 0 : sorted[std::min(index, sorted.size() - 1)];
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class NobodySends final : public daemon::Dispatcher {
    void offer(workflows::MessageSnapshot /*snapshot*/) override {}
};

class NobodyLooks final : public daemon::EngineObserver {
    void committed(const workflows::Batch& /*batch*/) override {}
};

/// An engine on a store.
struct Installation {
    integrations::LoadedConfiguration configuration;
    std::unique_ptr<integrations::SqliteStore> store;
    NobodySends dispatcher;
    NobodyLooks observer;
    daemon::Engine::Options options;

    Installation(const char* config, const char* database)
        : configuration(take(daemon::load_verified(config))),
          store(take(integrations::SqliteStore::open(database))) {
        options.salt = "bench";
    }
    [[nodiscard]] Instant at(const char* text) const {
        return take(workflows::parse_instant(text, configuration.definitions->time_zone()));
    }
    /// An engine started at `now`.
    [[nodiscard]] std::unique_ptr<daemon::Engine> engine(Instant now) {
        auto made = std::make_unique<daemon::Engine>(*store, dispatcher, observer, options);
        take(made->start(configuration.definitions, configuration.archive, now));
        return made;
    }
};

/// fill CONFIG DATABASE AT: opens all cases that are to be open at AT, and ends as if killed.
void fill(Installation& installation, char** arguments) {
    const auto begin = Machine::now();
    const Instant now = installation.at(arguments[0]);
    const auto engine = installation.engine(now);
    take(engine->step(now));
    print("seconds", seconds_since(begin));
    std::int64_t cases = 0;
    for (const auto& count : take(installation.store->snapshot()->counts())) {
        cases += count.cases;
    }
    print("cases", static_cast<double>(cases));
    std::fflush(stdout);
    std::_Exit(0);
}

/// drain CONFIG DATABASE AT: all that is due at AT, up to messages that wait to be sent.
void drain(Installation& installation, char** arguments) {
    const Instant now = installation.at(arguments[0]);
    const auto engine = installation.engine(now);
    const auto before = engine->ledger().books.planned;
    const double cpu = cpu_seconds();
    const auto begin = Machine::now();
    take(engine->step(now));
    const double seconds = seconds_since(begin);
    const auto reminders = static_cast<double>(engine->ledger().books.planned - before);
    print("reminders", reminders);
    print("messages", static_cast<double>(engine->ledger().messages_made));
    print("per_second", reminders / seconds);
    print("cpu_us", (cpu_seconds() - cpu) * 1e6 / reminders);
}

/// tick CONFIG DATABASE AT: a step in which nothing is due.
void tick(Installation& installation, char** arguments) {
    const Instant now = installation.at(arguments[0]);
    const auto engine = installation.engine(now);
    take(engine->step(now));
    constexpr int kTicks = 20'000;
    const auto begin = Machine::now();
    for (int i = 0; i < kTicks; ++i) {
        take(engine->step(now));
    }
    print("microseconds", seconds_since(begin) * 1e6 / kTicks);
}

std::vector<std::string> some_cases(Installation& installation, std::size_t count) {
    std::vector<std::string> all;
    // Spread over all that is stored, as people's letters are.
    std::string after;
    while (true) {
        const auto page = take(installation.store->open_cases(after, 10'000));
        if (page.empty()) {
            break;
        }
        all.insert(all.end(), page.begin(), page.end());
        after = page.back();
    }
    std::vector<std::string> chosen;
    for (std::size_t i = 0; i < count; ++i) {
        chosen.push_back(all[i * 7919 % all.size()]);
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    return chosen;
}

/// batches CONFIG DATABASE AT SIZE SECONDS: events in transactions of SIZE.
void batches(Installation& installation, char** arguments) {
    const Instant now = installation.at(arguments[0]);
    const auto size = std::stoul(arguments[1]);
    const double seconds = std::stod(arguments[2]);
    const auto engine = installation.engine(now);
    take(engine->step(now));
    const auto cases = some_cases(installation, 10'000);
    std::vector<bool> exempt(cases.size());
    std::size_t next = 0;
    std::size_t done = 0;
    std::vector<double> transactions;
    const double cpu = cpu_seconds();
    const auto begin = Machine::now();
    while (seconds_since(begin) < seconds) {
        std::vector<daemon::RaiseEvent> commands;
        for (std::size_t i = 0; i < size; ++i) {
            workflows::Event event{.case_id = cases[next],
                                   .name = exempt[next] ? "reverted" : "exempted",
                                   .by = workflows::Actor::Creditor,
                                   .fields = {},
                                   .who = "Ingrid Haugen",
                                   .expected_revision = std::nullopt};
            if (!exempt[next]) {
                event.fields["reason"] = "Har ingen barnehage";
            }
            exempt[next] = !exempt[next];
            next = (next + 1) % cases.size();
            commands.push_back({std::move(event), {}, {}});
        }
        const auto transaction = Machine::now();
        for (auto& answer : engine->raise(commands, now)) {
            take(std::move(answer));
        }
        transactions.push_back(seconds_since(transaction) * 1e6);
        done += size;
    }
    print("per_second", static_cast<double>(done) / seconds_since(begin));
    print("cpu_us", (cpu_seconds() - cpu) * 1e6 / static_cast<double>(done));
    print("transaction_p99_us", percentile(transactions, 0.99));
    print("transaction_max_us", transactions.empty() ? 0 : transactions.back());
}

/// What came through the senders.
struct Sent {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::pair<Instant, Machine::time_point>> messages;
    std::size_t failed{0};
};

/// Notes when a message was handed over.
class NotingChannel final : public workflows::Channel {
 public:
    NotingChannel(Sent& sent, std::unique_ptr<workflows::Channel> behind)
        : sent_(sent), behind_(std::move(behind)) {}
    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override {
        const auto handed_over = Machine::now();
        workflows::DeliveryReport report;
        report.number = envelope.number;
        report.verdict = workflows::Verdict::Delivered;
        if (behind_) {
            report = behind_->send(envelope);
        }
        const std::scoped_lock lock{sent_.mutex};
        sent_.failed += report.verdict != workflows::Verdict::Delivered;
        sent_.messages.emplace_back(envelope.at, handed_over);
        sent_.changed.notify_one();
        return report;
    }

 private:
    Sent& sent_;
    std::unique_ptr<workflows::Channel> behind_;
};

/// Engine, senders and clock, running, until `count` messages have been handed over.
void run_until_sent(Installation& installation, daemon::Clock& clock, Sent& sent,
                    std::size_t sessions, std::size_t count,
                    const daemon::DeliveryPool::OpenChannel& open,
                    const std::function<bool(const workflows::Ledger&)>& is_settled) {
    const integrations::NoticeRenderer renderer;
    daemon::EngineService service{*installation.store,
                                  clock,
                                  installation.observer,
                                  installation.configuration.definitions,
                                  {.engine = installation.options}};
    daemon::DeliveryPool pool{renderer, service, open, {.sessions = sessions}};
    take(service.start(pool, installation.configuration.archive));
    {
        std::unique_lock lock{sent.mutex};
        const bool all = sent.changed.wait_for(lock, std::chrono::minutes{10},
                                               [&] { return sent.messages.size() >= count; });
        if (!all) {
            die("only " + std::to_string(sent.messages.size()) + " of " + std::to_string(count) +
                " messages came");
        }
    }
    while (!is_settled(take(service.snapshot()->ledger()))) {
    }
    pool.stop();
    service.stop();
}

/// latency CONFIG DATABASE FROM COUNT SPEED: COUNT reminders, each at a whole minute after FROM on
/// a clock SPEED times as fast: from due to handed to the transport.
void latency(Installation& installation, char** arguments) {
    const Instant from = installation.at(arguments[0]);
    const auto count = std::stoul(arguments[1]);
    FastClock clock{from, std::stod(arguments[2])};
    Sent sent;
    const double cpu = cpu_seconds();
    run_until_sent(
        installation, clock, sent, 4, count,
        [&](const workflows::Definitions&) {
            return std::make_unique<NotingChannel>(sent, nullptr);
        },
        [](const workflows::Ledger&) { return true; });
    std::vector<double> late;
    for (const auto& [at, handed_over] : sent.messages) {
        // A message carries the second in which it was written: the minute is when it was due.
        const auto due = std::chrono::floor<std::chrono::minutes>(at);
        late.push_back(
            std::chrono::duration<double, std::milli>(handed_over - clock.reached(due)).count());
    }
    print("p50_ms", percentile(late, 0.5));
    print("p99_ms", percentile(late, 0.99));
    print("max_ms", late.back());
    print("cpu_s", cpu_seconds() - cpu);
}

/// storm CONFIG DATABASE AT SESSIONS COUNT [PORT]: COUNT messages due at AT, all the way: planned,
/// grouped, written, marked, sent by SMTP to PORT (or to nobody), accounted for.
void storm(Installation& installation, char** arguments) {
    const Instant now = installation.at(arguments[0]);
    StandingClock clock{now};
    const auto count = std::stoul(arguments[2]);
    Sent sent;
    const double cpu = cpu_seconds();
    const auto begin = Machine::now();
    run_until_sent(
        installation, clock, sent, std::stoul(arguments[1]), count,
        [&](const workflows::Definitions&) {
            std::unique_ptr<workflows::Channel> behind;
            if (arguments[3] != nullptr) {
                workflows::SmtpSettings settings;
                settings.url = std::string{"smtp://127.0.0.1:"} + arguments[3];
                settings.starttls = workflows::SmtpSettings::StartTls::Off;
                behind = take(integrations::SmtpChannel::open(settings));
            }
            return std::make_unique<NotingChannel>(sent, std::move(behind));
        },
        [](const workflows::Ledger& ledger) { return ledger.books.waiting == 0; });
    const double seconds = seconds_since(begin);
    // What comes before the first one, planning, is told beside: its own measure is `drain`.
    std::sort(sent.messages.begin(), sent.messages.end(),
              [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto sending =
        std::chrono::duration<double>(sent.messages.back().second - sent.messages.front().second)
            .count();
    print("per_second", static_cast<double>(count) / sending);
    print("whole_seconds", seconds);
    print("cpu_us", (cpu_seconds() - cpu) * 1e6 / static_cast<double>(count));
    print("failed", static_cast<double>(sent.failed));
}

int run(int count, char** arguments) {
    const std::map<std::string, std::pair<int, void (*)(Installation&, char**)>> commands{
        {"fill", {1, fill}},       {"drain", {1, drain}},     {"tick", {1, tick}},
        {"batches", {3, batches}}, {"latency", {3, latency}}, {"storm", {3, storm}},
    };
    const auto command = count > 1 ? commands.find(arguments[1]) : commands.end();
    if (command == commands.end() || count < 4 + command->second.first) {
        die("usage: bench_product fill|drain|tick|batches|latency|storm CONFIG DATABASE AT …");
    }
    Installation installation{arguments[2], arguments[3]};
    command->second.second(installation, arguments + 4);
    return 0;
}

}  // namespace
}  // namespace fristvakt::bench

int main(int count, char** arguments) {
    return fristvakt::bench::run(count, arguments);
}
