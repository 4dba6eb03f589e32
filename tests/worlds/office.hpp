#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/engine.hpp"
#include "integrations/memory/memory_store.hpp"
#include "tests/worlds/stores.hpp"
#include "tests/worlds/world.hpp"

/// A whole installation in the hands of a test: engine, store, senders and transport, one thread.
namespace fristvakt::tests {

/// Writes messages as one line for each thing they say. Pure.
class PlainRenderer final : public workflows::Renderer {
 public:
    [[nodiscard]] workflows::Result<workflows::RenderedMessage> render(
        const workflows::MessageSnapshot& snapshot,
        const workflows::Definitions& definitions) const override;
    [[nodiscard]] workflows::Result<std::string> to_bytes(
        const workflows::MessageSnapshot& snapshot, const workflows::RenderedMessage& rendered,
        const workflows::Definitions& definitions) const override;
};

/// "kari due-14d:plan/by" or "kari !new-deadline:plan/by"; "~" before a softened step, " +per"
/// behind for each copy. People by the local part of their address, cases without their cohort.
[[nodiscard]] std::string in_words(const workflows::MessageSnapshot& snapshot);
/// The same with the time in front: "2021-01-11 08:00 kari due-14d:plan/by".
[[nodiscard]] std::string line_of(const workflows::MessageSnapshot& snapshot);

class Office final : private daemon::Dispatcher, private daemon::EngineObserver {
 public:
    using Transport = std::function<workflows::DeliveryReport(const workflows::Envelope&)>;

    /// `store` outlives the office; without one it has a memory of its own.
    explicit Office(DefinitionsPtr definitions, workflows::Store* store = nullptr,
                    daemon::Engine::Options options = {});
    ~Office() override;
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;

    workflows::Status start(std::string_view when) { return start(at(when)); }
    workflows::Status start(workflows::Instant now);
    /// Steps at every wake-up until `until`, exclusive, sending what is due. Starts if need be.
    void run(std::string_view until) { run(at(until)); }
    void run(workflows::Instant until);
    /// Runs up to `when`, then does all that is due at that instant.
    void step(std::string_view when);
    /// One engine step at `now` with all its messages; the next wake-up.
    workflows::Result<std::optional<workflows::Instant>> step(workflows::Instant now);
    /// Runs until `when`, then raises the event, before anything due at that instant.
    workflows::Result<daemon::EventAnswer> raise(
        std::string_view when, const std::string& case_id, const std::string& event,
        workflows::Actor by, const std::map<std::string, std::string>& fields = {});
    /// Throws the engine and all that it has handed out away and starts another on the store.
    workflows::Status crash(workflows::Instant now);
    /// Takes another configuration into use at `when`; as `Engine::use`.
    workflows::Status reload(std::string_view when, DefinitionsPtr definitions,
                             const std::optional<std::string>& who = std::nullopt);

    [[nodiscard]] daemon::Engine& engine() { return *engine_; }
    [[nodiscard]] workflows::Store& store() { return store_; }
    [[nodiscard]] const WatchingStore& watch() const { return watching_; }
    [[nodiscard]] workflows::Case find_case(const std::string& id);
    /// "due-3wd superseded: later step", by step time; person in front when there are several.
    [[nodiscard]] std::vector<std::string> accounts(const std::string& case_id);
    [[nodiscard]] workflows::Books books();
    [[nodiscard]] std::vector<workflows::StoredMessage> messages(workflows::MessageState state);

    /// What went to the transport and was accepted, as `line_of` says it.
    [[nodiscard]] std::vector<std::string> sent() const;
    /// The same, since the last call.
    [[nodiscard]] std::vector<std::string> news();
    /// Every message that was handed over, accepted or not.
    struct HandedOver {
        workflows::MessageSnapshot snapshot;
        workflows::Envelope envelope;
        bool accepted{false};
    };
    std::vector<HandedOver> handed_over;
    /// Says what became of a message; accepts it when empty.
    Transport transport;
    /// The next message goes off and nobody hears whether it arrived.
    void lose_next_answer();
    /// Called when a message has been marked and before it is handed over; true: crash here.
    std::function<bool(const workflows::MessageSnapshot&)> before_hand_over;
    /// Called when a message was handed over and before the verdict is recorded.
    std::function<bool(const workflows::MessageSnapshot&)> after_hand_over;
    /// Called between writing and marking: what happens while a sender writes.
    std::function<void(const workflows::MessageSnapshot&)> while_writing;
    /// Tries again what the store refused; at most this often in a row.
    int patience{0};

 private:
    void offer(workflows::MessageSnapshot snapshot) override { offered_.push_back(snapshot); }
    void committed(const workflows::Batch& batch) override;
    workflows::Result<bool> send_offered(workflows::Instant now);
    workflows::Status hand_over(const daemon::Written& written, workflows::Instant now);
    void build_engine();

    DefinitionsPtr definitions_;
    std::unique_ptr<integrations::MemoryStore> own_;
    WatchingStore watching_;
    workflows::Store& store_;
    daemon::Engine::Options options_;
    PlainRenderer renderer_;
    std::unique_ptr<daemon::Engine> engine_;
    std::vector<workflows::MessageSnapshot> offered_;
    std::optional<workflows::Instant> now_;
    std::optional<workflows::Instant> wake_;
    std::map<std::string, std::string> people_;  ///< Address by person.
    std::size_t told_{0};
};

}  // namespace fristvakt::tests
