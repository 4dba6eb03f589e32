#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/engine/engine.hpp"
#include "tests/model/judge.hpp"
#include "tests/simulation/world/run.hpp"
#include "tests/simulation/world/sightings.hpp"
#include "tests/simulation/world/trouble.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::tests::simulation {

/// One installation from its first start to its end: what runs the engine as the daemon does, sends
/// its messages and crashes it. One thread.
class Life final : private daemon::Dispatcher, private daemon::EngineObserver {
 public:
    Life(World& world, std::unique_ptr<workflows::Store> store, std::ostream* told);
    Outcome to_the_end();

 private:
    /// A message in the hands of a sender.
    struct Job {
        enum class Stage { Mark, Unwritable, HandOver, Report };
        workflows::MessageSnapshot snapshot;
        Stage stage{Stage::Mark};
        model::Second due_at{0};
        model::Second offered_at{0};
        model::Second pause{0};  ///< Before each stage.
        workflows::DeliveryReport report{};
    };
    enum class Done { Yes, Later };

    void offer(workflows::MessageSnapshot snapshot) override;
    void committed(const workflows::Batch&) override {}
    void see(const workflows::Batch& batch);

    // Time and the program.
    void learn_addresses();
    [[nodiscard]] std::optional<model::Second> next_moment() const;
    /// How long people and the engine's loop wait when the store has not answered so often.
    [[nodiscard]] static model::Second pause_after(int failures);
    void go_on();
    template <class Work>
    void survive(Work work);
    void crash(const Crash& crash);
    void start();
    void step();
    void heal();
    [[nodiscard]] bool has_held();
    void let_all_go();
    void finish(Outcome& outcome);
    void failed(const workflows::Status& status, const std::string& doing);
    void tell(const std::string& line);

    // What people do.
    void happen();
    Done take(Happening& happening, std::size_t index);
    Done raise(Happening& happening, std::size_t index);
    Done reload(const Happening& happening);
    Done hold();
    Done release();
    Done retry(const Happening& happening);
    void arm(const Happening& happening);

    // What senders do.
    [[nodiscard]] bool carry();
    [[nodiscard]] std::vector<Job> take_due(Job::Stage stage);
    void mark(std::vector<Job> jobs);
    void say_unwritable(std::vector<Job> jobs);
    void hand_over(std::vector<Job> jobs);
    void report(std::vector<Job> jobs);
    [[nodiscard]] workflows::DeliveryReport serve(const Job& job);
    void put_back(Job job, Job::Stage stage, model::Second pause);

    World& world_;
    std::ostream* told_;
    model::Second now_{0};
    Trouble trouble_;
    std::unique_ptr<workflows::Store> sound_;  ///< What `store_` fails in front of.
    FaultyStore store_;
    Addresses addresses_;
    model::Judge judge_;
    std::vector<std::shared_ptr<const workflows::Definitions>> definitions_;
    std::unique_ptr<daemon::Engine> engine_;
    std::size_t folder_{0};  ///< Index of the rules that the next start finds.
    std::size_t in_force_{0};
    bool configuration_written_{false};   ///< Since this was last said to be false.
    bool half_taken_up_{false};           ///< The store failed after that; the next step goes on.
    std::optional<model::Second> up_at_;  ///< When the program that is down comes up.
    std::optional<model::Second> wake_at_;
    std::size_t next_{0};                              ///< Of the happenings.
    std::multimap<model::Second, std::size_t> again_;  ///< Those to be tried again.
    std::map<std::size_t, int> tries_;                 ///< How often each has been tried.
    int steps_failed_{0};                              ///< In a row.
    std::vector<Job> jobs_;
    std::int64_t doings_{0};    ///< Reloads, holds, releases and further tries.
    bool store_failed_{false};  ///< In this round: whatever is left waits, as in the daemon.
    bool healed_{false};
    int releases_{0};
};

}  // namespace fristvakt::tests::simulation
