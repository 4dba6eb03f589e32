#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/access/visitor.hpp"
#include "daemon/engine/engine_access.hpp"

/// What a visitor sees: the same values as everybody, without those they may not read. A page that
/// asks these and nothing else cannot show too much.
namespace fristvakt::daemon {

/// The configuration as `visitor` sees it: their organisations, those above them and the creditors;
/// cohorts with their participants alone; users only for administrators. Whoever reads everything
/// gets `definitions` itself. Pure.
[[nodiscard]] std::shared_ptr<const workflows::Definitions> visible_to(
    const Visitor& visitor, const std::shared_ptr<const workflows::Definitions>& definitions);

/// The cases that `visitor` may read, with their reminders and history, and the messages that speak
/// of no other case. The others are as if they did not exist. `definitions` is the whole.
[[nodiscard]] std::unique_ptr<workflows::Snapshot> visible_to(
    const Visitor& visitor, std::shared_ptr<const workflows::Definitions> definitions,
    std::unique_ptr<workflows::Snapshot> snapshot);

/// Remembers `visible_to` of a configuration for each set of permissions. Any thread.
class VisibleDefinitions {
 public:
    [[nodiscard]] std::shared_ptr<const workflows::Definitions> of(
        const Visitor& visitor, const std::shared_ptr<const workflows::Definitions>& definitions);

 private:
    std::mutex mutex_;
    // Guarded by mutex_.
    std::shared_ptr<const workflows::Definitions> whole_;
    std::map<std::string, std::shared_ptr<const workflows::Definitions>> parts_;
};

/// The engine in one visitor's hands: sees as `visible_to`, and refuses what they may not do:
/// NotFound for what they may not see, Forbidden for the rest. What is done is logged under their
/// name, whatever the command says. A command added to EngineAccess does not compile until it is
/// said here who may give it. For one request, on its thread.
class VisitorEngine final : public EngineAccess {
 public:
    VisitorEngine(EngineAccess& engine, VisibleDefinitions& visible, Visitor visitor)
        : engine_(engine), visible_(visible), visitor_(std::move(visitor)) {}

    [[nodiscard]] workflows::Result<EventAnswer> raise(const RaiseEvent& command) override;
    /// Those that the visitor may not do are refused one by one; the others are done.
    [[nodiscard]] workflows::Result<BatchAnswer> raise_all(
        const std::vector<RaiseEvent>& commands) override;
    [[nodiscard]] workflows::Result<Forecast> preview(
        const std::vector<RaiseEvent>& commands) override;
    [[nodiscard]] workflows::Status stop(std::int64_t message, const std::string& reason,
                                         const std::string& who) override;
    [[nodiscard]] workflows::Status postpone(std::int64_t message, workflows::Date day,
                                             const std::string& who) override;
    [[nodiscard]] workflows::Status hold(const std::string& reason,
                                         const std::string& who) override;
    [[nodiscard]] workflows::Status release(std::optional<std::int64_t> message,
                                            const std::string& who) override;
    [[nodiscard]] workflows::Status retry(std::int64_t message, const std::string& who) override;
    [[nodiscard]] workflows::Status sent_before(std::int64_t message,
                                                const std::string& who) override;
    /// Whoever acts anywhere and sees the requirement.
    [[nodiscard]] workflows::Status note_test(const TestedNotice& tested) override;
    [[nodiscard]] workflows::Status confirm_card(const std::string& channel,
                                                 std::int64_t card) override;
    /// Only what the visitor may read.
    [[nodiscard]] std::unique_ptr<workflows::Snapshot> snapshot() override;
    /// Only what the visitor may read.
    [[nodiscard]] std::shared_ptr<const workflows::Definitions> definitions() const override;
    [[nodiscard]] EngineHealth health() const override { return engine_.health(); }

 private:
    [[nodiscard]] workflows::Status check(Right right) const;
    [[nodiscard]] workflows::Status check_case(Right right, const std::string& case_id);
    [[nodiscard]] workflows::Status check_message(Right right, std::int64_t number);
    /// The commands that are allowed, signed; the answers to the others stand in `refused`.
    [[nodiscard]] std::vector<RaiseEvent> allowed_of(
        const std::vector<RaiseEvent>& commands,
        std::vector<std::optional<workflows::Error>>& refused);
    [[nodiscard]] std::string who(const std::string& said) const;

    EngineAccess& engine_;
    VisibleDefinitions& visible_;
    Visitor visitor_;
};

/// Where handlers get their engine from; they keep no other. Any thread.
class VisitorEngines {
 public:
    /// `engine` must outlive this.
    explicit VisitorEngines(EngineAccess& engine) : engine_(engine) {}
    /// Must not outlive this.
    [[nodiscard]] VisitorEngine of(const Visitor& visitor) const {
        return {engine_, visible_, visitor};
    }

 private:
    EngineAccess& engine_;
    mutable VisibleDefinitions visible_;
};

}  // namespace fristvakt::daemon
