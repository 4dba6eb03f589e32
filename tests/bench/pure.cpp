#include <benchmark/benchmark.h>

#include "daemon/engine/outgoing.hpp"
#include "integrations/mail/mime.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "tests/worlds/office.hpp"
#include "workflows/decision/decide.hpp"
#include "workflows/decision/plan.hpp"

/// The pure parts, one at a time: what a case, a deadline or a message costs before anything is
/// stored or sent.
namespace fristvakt::bench {
namespace {

using tests::Office;

/// One case that has been opened, and a message about it.
struct Fixture {
    tests::DefinitionsPtr definitions = tests::World{}.load();
    workflows::PersonIds persons{"bench"};
    workflows::RefusedAddresses refused;
    workflows::CaseFile file;
    workflows::MessageSnapshot snapshot;

    Fixture() {
        Office office{definitions};
        office.run("2021-01-12");
        file.item = office.find_case("p/plan/by");
        snapshot = office.handed_over.front().snapshot;
        // What an instruction and a case number add is in every real message.
        snapshot.items.front().instructions = {"Bruk malen i brevet.", "Bruk malen i brevet."};
        snapshot.items.front().deliver_to = "post@sf.example";
        snapshot.items.front().case_number = "2020/1234";
    }
    [[nodiscard]] workflows::World world() { return {*definitions, persons, refused}; }
};

void deadline(benchmark::State& state) {
    const auto expression = workflows::parse_deadline("due - 3 working days").value();
    const workflows::Anchors anchors{{"due", tests::day("2021-04-06")}};
    for (auto _ : state) {
        benchmark::DoNotOptimize(workflows::evaluate(
            expression, anchors, workflows::FreeDayRule::NextWorkingDay, tests::oslo()));
    }
}
BENCHMARK(deadline);

void due_reminders(benchmark::State& state) {
    Fixture fixture;
    const auto context = workflows::context_of(fixture.file.item, *fixture.definitions);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            workflows::occurrences_of(fixture.file.item, context, *fixture.definitions));
    }
}
BENCHMARK(due_reminders);

/// A look at a case of which nothing is due, with the time of the next.
void next_wake(benchmark::State& state) {
    Fixture fixture;
    const auto world = fixture.world();
    const auto now = tests::at("2021-01-12T12:00");
    for (auto _ : state) {
        workflows::CaseFile file = fixture.file;
        benchmark::DoNotOptimize(workflows::advance(file, now, world));
    }
}
BENCHMARK(next_wake);

/// The same where a step has come: a reminder is planned.
void plan_reminder(benchmark::State& state) {
    Fixture fixture;
    const auto world = fixture.world();
    const auto now = tests::at("2021-01-20T08:00");
    for (auto _ : state) {
        workflows::CaseFile file = fixture.file;
        benchmark::DoNotOptimize(workflows::advance(file, now, world));
    }
}
BENCHMARK(plan_reminder);

void render(benchmark::State& state) {
    const Fixture fixture;
    const integrations::NoticeRenderer renderer;
    for (auto _ : state) {
        benchmark::DoNotOptimize(renderer.render(fixture.snapshot, *fixture.definitions));
    }
}
BENCHMARK(render);

void mime(benchmark::State& state) {
    const Fixture fixture;
    const integrations::NoticeRenderer renderer;
    const auto rendered = renderer.render(fixture.snapshot, *fixture.definitions).value();
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            integrations::to_mime(fixture.snapshot, rendered, *fixture.definitions));
    }
}
BENCHMARK(mime);

}  // namespace
}  // namespace fristvakt::bench

BENCHMARK_MAIN();
