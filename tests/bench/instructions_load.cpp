#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "daemon/engine/engine.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "tests/worlds/world.hpp"

/// A fixed small load for callgrind, all of it the product's: an installation is started on a store
/// in FOLDER, reminds twenty kommuner of three requirements by messages written and marked one by
/// one, and takes events. Nothing in it depends on the machine or the day.
///
///   bench_instructions FOLDER
namespace fristvakt::bench {
namespace {

using workflows::Instant;

class Basket final : public daemon::Dispatcher, public daemon::EngineObserver {
 public:
    void offer(workflows::MessageSnapshot snapshot) override {
        offered.push_back(std::move(snapshot));
    }
    void committed(const workflows::Batch& /*batch*/) override {}
    std::vector<workflows::MessageSnapshot> offered;
};

void require(const workflows::Status& done) {
    if (!done.ok()) {
        std::fprintf(stderr, "bench_instructions: %s\n", done.error().message.c_str());
        std::exit(1);
    }
}

template <typename T>
T require(workflows::Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "bench_instructions: %s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(result).value();
}

constexpr int kKommuner = 20;

std::string kommune(int index) {
    return "kommune-" + std::to_string(index);
}

tests::DefinitionsPtr definitions() {
    tests::World world;
    world.brake = 1000;
    world.participants = "[";
    for (int i = 0; i < kKommuner; ++i) {
        const std::string id = kommune(i);
        world.organisations += id + ",Kommune,kommune,,sf,nb,post@" + id + ".example\n";
        world.contacts += id + ",Kari,kari@" + id + ".example,ressursperson,,,\n";
        world.participants += (i == 0 ? "" : ", ") + id;
    }
    world.participants += "]";
    world.requirements.clear();
    for (const char* id : {"plan", "liste", "svar"}) {
        world.requirements += std::string{"  - {id: "} + id +
                              ", workflow: plan, opens: 2021-01-04, due: 2021-01-25, "
                              "title: {nb: Plan, nn: Plan}}\n";
    }
    return world.load();
}

/// Writes, marks and accepts what was offered; false when there was nothing.
bool send_offered(daemon::Engine& engine, Basket& basket, const workflows::Renderer& renderer,
                  Instant now) {
    const auto offered = std::exchange(basket.offered, {});
    std::vector<workflows::DeliveryReport> reports;
    for (const workflows::MessageSnapshot& snapshot : offered) {
        auto rendered = require(renderer.render(snapshot, *engine.definitions()));
        auto bytes = require(renderer.to_bytes(snapshot, rendered, *engine.definitions()));
        const auto marked =
            require(engine.mark_sending({{snapshot, std::move(rendered), std::move(bytes)}}, now));
        workflows::DeliveryReport report;
        report.number = snapshot.number;
        report.verdict = workflows::Verdict::Delivered;
        if (marked.front().verdict == daemon::MarkAnswer::Verdict::Go) {
            reports.push_back(report);
        }
    }
    require(engine.delivered(reports, now));
    return !offered.empty();
}

void step(daemon::Engine& engine, Basket& basket, const workflows::Renderer& renderer,
          Instant now) {
    require(engine.step(now));
    while (send_offered(engine, basket, renderer, now)) {
        require(engine.step(now));
    }
}

void raise(daemon::Engine& engine, const char* name, Instant now) {
    for (int i = 0; i < kKommuner; ++i) {
        workflows::Event event;
        event.case_id = "p/liste/" + kommune(i);
        event.name = name;
        event.by = workflows::Actor::Creditor;
        event.fields["reason"] = "Har ingen barnehage";
        for (const auto& answer : engine.raise({{event, {}, {}}}, now)) {
            (void)require(answer);
        }
    }
}

void run(const std::filesystem::path& folder) {
    const auto store = require(integrations::SqliteStore::open(folder / "fristvakt.db"));
    const integrations::NoticeRenderer renderer;
    Basket basket;
    daemon::Engine engine{*store, basket, basket, {.salt = "bench"}};
    const auto all = definitions();
    require(engine.start(all, "files", tests::at("2021-01-04T12:00")));
    step(engine, basket, renderer, tests::at("2021-01-04T12:00"));
    step(engine, basket, renderer, tests::at("2021-01-11T08:00"));
    raise(engine, "exempted", tests::at("2021-01-12T12:00"));
    raise(engine, "reverted", tests::at("2021-01-13T12:00"));
    step(engine, basket, renderer, tests::at("2021-01-20T08:00"));
    // Ticks in which nothing is due.
    for (int i = 0; i < 100; ++i) {
        step(engine, basket, renderer, tests::at("2021-01-20T12:00") + workflows::Seconds{i});
    }
    const auto& books = engine.ledger().books;
    std::printf("planned %lld sent %lld\n", static_cast<long long>(books.planned),
                static_cast<long long>(books.sent));
}

}  // namespace
}  // namespace fristvakt::bench

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: bench_instructions FOLDER\n");
        return 2;
    }
    fristvakt::bench::run(arguments[1]);
    return 0;
}
