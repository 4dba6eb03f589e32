#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/engine/channel_news.hpp"
#include "workflows/decision/decide.hpp"
#include "workflows/decision/grouping.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// One transaction in the making: collects what the decisions about some cases brought, groups what
/// is to be sent, posts the books, and seals it all into one Batch. Writes nothing itself.
/// One thread, the engine's; lives no longer than one step.
class Transaction {
 public:
    struct Setting {
        workflows::Store& store;
        const workflows::Definitions& definitions;
        workflows::PersonIds& persons;
        const workflows::RefusedAddresses& refused;
        const GatheringNews& gathering;  ///< Cards to channels that wait for more.
        workflows::Instant now{};
        bool catch_up{false};  ///< After a first start or a reload: messages count for the brake.
    };

    Transaction(Setting setting, workflows::Ledger ledger);

    /// Unavailable: the store did not answer.
    [[nodiscard]] workflows::Status load_cases(const std::vector<std::string>& ids);
    /// The messages with the reminders they carry and the cases of those.
    [[nodiscard]] workflows::Status load_messages(const std::vector<std::int64_t>& numbers);
    [[nodiscard]] workflows::Status load_persons(const std::vector<std::string>& ids);

    /// Null when it was not loaded or does not exist.
    [[nodiscard]] workflows::CaseFile* find_case(const std::string& id);
    [[nodiscard]] const workflows::Message* find_message(std::int64_t number) const;
    [[nodiscard]] const workflows::Person* find_person(const std::string& id) const;
    /// The waiting or held reminders of a loaded message, as they stand now.
    [[nodiscard]] std::vector<workflows::Reminder> reminders_in(std::int64_t message) const;

    /// The reminders of a loaded message that ended in `account` for `reason`, or for any when that
    /// is empty.
    [[nodiscard]] std::vector<workflows::Reminder> ended_in(
        std::int64_t message, workflows::Account account,
        std::optional<workflows::Reason> reason) const;

    /// Opens a case and takes in what that brings.
    void open(workflows::Case item, std::optional<workflows::Deadline> due,
              workflows::Instant opened_at);
    /// Takes in a decision about `file`, and what it raises in parent and children.
    void absorb(workflows::CaseFile& file, workflows::Decision decision);
    void put(const workflows::Message& message);
    /// The digest of the week for `officer`; what it says is found out when it goes.
    void make_digest(const workflows::Recipient& officer, workflows::Instant slot);
    void make_digest(const workflows::TeamsChannel& channel, workflows::Instant slot);
    /// The card that asks `channel` whether anybody sees it.
    void make_canary(const workflows::TeamsChannel& channel, workflows::Instant slot);
    /// The mail that tells `keeper` that nobody confirmed the card under way.
    void make_silence_mail(const workflows::TeamsChannel& channel,
                           const workflows::Recipient& keeper);
    /// Channels that want to know are told, beside what the events in this transaction tell them.
    void add_news(News news) { news_.push_back(std::move(news)); }
    /// As they stand once sealed and written.
    [[nodiscard]] const GatheringNews& gathering() const { return gathering_; }
    /// A person who is written to and may be new.
    void know(workflows::Person person);
    void note(workflows::LogEntry entry);
    void add_body(workflows::Batch::Body body);
    void add_answer(workflows::Batch::Idempotency answer);
    void add_configuration(const std::string& hash, std::string content);

    [[nodiscard]] workflows::Ledger& ledger() { return ledger_; }
    [[nodiscard]] const workflows::World& world() const { return world_; }
    [[nodiscard]] workflows::Instant now() const { return setting_.now; }
    /// For what no case that is loaded says; as the store was before this transaction.
    [[nodiscard]] std::unique_ptr<workflows::Snapshot> snapshot() const {
        return setting_.store.snapshot();
    }
    /// A new slot for a message, not before `earliest`; its own slot does not stand in its way.
    [[nodiscard]] workflows::Result<workflows::Instant> place_anew(
        const workflows::Message& message, workflows::Instant earliest);

    /// Groups the claims and posts the books: each reminder leaves one account and enters another,
    /// and planned stays the sum of all. To be called once. Unavailable: the store did not answer,
    /// or the books would be off.
    [[nodiscard]] workflows::Result<workflows::Batch> seal();

 private:
    void take_in(workflows::Loaded loaded);
    /// Somebody who is called. Whoever signed up by themselves does not rename whom we know.
    void introduce(const workflows::CaseFile& file, workflows::Person person);
    /// Makes a message for everybody who is to be told of a meeting, each their own.
    void summon(workflows::CaseFile& file, workflows::Decision& decision);
    void follow_up(const workflows::CaseFile& file, workflows::Decision& decision);
    [[nodiscard]] workflows::Status group_claims();
    void add_grouping(workflows::Grouping grouping);
    [[nodiscard]] workflows::Status tell_all();
    /// Makes or adds to the cards of the channels that want to know what happened.
    [[nodiscard]] workflows::Status tell_channels();
    [[nodiscard]] std::vector<News> news_of_events();
    [[nodiscard]] workflows::Status tell_channel(const workflows::TeamsChannel& channel,
                                                 const std::vector<News>& news);
    [[nodiscard]] workflows::Message message_to(const workflows::TeamsChannel& channel,
                                                workflows::NoticeKind kind,
                                                workflows::Instant slot);
    /// The local day on which it will be told.
    [[nodiscard]] workflows::Date day_of(const workflows::Telling& telling) const;
    /// Unavailable: the postings do not add up.
    [[nodiscard]] workflows::Status post_books();

    Setting setting_;
    workflows::World world_;
    workflows::Ledger ledger_;
    workflows::Ledger ledger_before_;
    std::map<std::string, workflows::CaseFile> files_;
    /// The files of which a message carries, or carried, reminders.
    std::unordered_map<std::int64_t, std::vector<const workflows::CaseFile*>> carried_;
    std::map<std::int64_t, workflows::Message> messages_;
    std::map<std::string, workflows::Person> persons_;
    std::unordered_map<std::string, workflows::Account> accounts_;  ///< By reminder key, as stored.
    std::vector<workflows::Claim> claims_;
    std::vector<workflows::Telling> tellings_;
    std::vector<News> news_;
    GatheringNews gathering_;
    std::vector<workflows::Message> made_;
    workflows::Batch batch_;
    workflows::Status followed_{workflows::Done{}};  ///< Failed: parent or child was not there.
};

}  // namespace fristvakt::daemon
