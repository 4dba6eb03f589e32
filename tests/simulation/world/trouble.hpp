#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "tests/simulation/world/world.hpp"
#include "tests/worlds/stores.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::tests::simulation {

/// Thrown by a port to end the program where it stands; whoever runs the world catches it. Nothing
/// volatile is used after it.
struct Crash {
    model::Second down_for{0};
};

/// What is about to go wrong at the ports. One thread.
class Trouble {
 public:
    void arm(const Happening& happening) { armed_.push_back(happening); }
    /// Everything is well again.
    void heal() {
        armed_.clear();
        calls_to_fail_ = 0;
        full_until_ = 0;
        busy_.reset();
    }
    /// Takes the first armed fault of that kind, once it has let pass what it is to let pass.
    [[nodiscard]] std::optional<Happening> take(Fault fault);

    /// Whether this call of the store fails.
    [[nodiscard]] bool store_fails();
    [[nodiscard]] bool disk_is_full(model::Second now);
    /// What the server does with the next message; nothing: takes it.
    [[nodiscard]] std::optional<Fault> server();

    /// Seconds that calls have taken since this was last asked.
    [[nodiscard]] model::Second stalled() { return std::exchange(stalled_, 0); }
    /// One that needs no port.
    void count() { ++injected_; }
    [[nodiscard]] std::int64_t injected() const { return injected_; }

 private:
    std::deque<Happening> armed_;
    std::int64_t calls_to_fail_{0};
    model::Second full_until_{0};
    model::Second stalled_{0};
    std::optional<Happening> busy_;  ///< A server that is not well for several messages.
    std::int64_t injected_{0};
};

/// Fails, stalls and crashes as `trouble` has it; tells `written` what has become durable.
class FaultyStore final : public StoreWrapper {
 public:
    using Written = std::function<void(const workflows::Batch&)>;
    FaultyStore(workflows::Store& store, Trouble& trouble, const model::Second& now,
                Written written)
        : StoreWrapper(store), trouble_(trouble), now_(now), written_(std::move(written)) {}

    workflows::Result<workflows::Epoch> lead() override;
    workflows::Result<workflows::Ledger> ledger() override;
    workflows::Result<workflows::Agenda> due(workflows::Instant now, std::size_t count) override;
    workflows::Result<workflows::Loaded> load(const workflows::Keys& keys) override;
    workflows::Result<std::vector<std::string>> open_cases(std::string_view after,
                                                           std::size_t count) override;
    workflows::Result<std::vector<std::int64_t>> messages_in(
        workflows::MessageState state) override;
    workflows::Result<workflows::CommitOutcome> commit(const workflows::Batch& batch) override;
    std::unique_ptr<workflows::Snapshot> snapshot() override;

 private:
    Trouble& trouble_;
    const model::Second& now_;
    Written written_;
};

}  // namespace fristvakt::tests::simulation
