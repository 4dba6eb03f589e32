#include "tests/worlds/office.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

namespace fristvakt::tests {

using daemon::MarkAnswer;
using daemon::Written;
using workflows::DeliveryReport;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::MessageSnapshot;
using workflows::Reminder;
using workflows::Result;
using workflows::Status;

namespace {

/// What goes round more often at one instant never ends.
constexpr int kRoundsMax{1'000};

Error endless(std::string what) {
    return {ErrorKind::Unavailable, "never comes to rest: " + std::move(what)};
}

std::string local_part(const std::string& address) {
    return address.substr(0, address.find('@'));
}

std::string without_cohort(const std::string& case_id) {
    return case_id.substr(case_id.find('/') + 1);
}

}  // namespace

std::string in_words(const MessageSnapshot& snapshot) {
    std::string text = local_part(snapshot.to.address);
    for (const MessageSnapshot::Item& item : snapshot.items) {
        text += item.step.empty() ? " !" + item.notice
                                  : std::string{item.softened ? " ~" : " "} + item.step;
        text += ":" + without_cohort(item.case_id);
    }
    for (const workflows::Person& copy : snapshot.copies) {
        text += " +" + local_part(copy.address);
    }
    return snapshot.digest ? text + " digest" : text;
}

std::string line_of(const MessageSnapshot& snapshot) {
    return clock(snapshot.at) + ' ' + in_words(snapshot);
}

Result<workflows::RenderedMessage> PlainRenderer::render(const MessageSnapshot& snapshot,
                                                         const workflows::Definitions&) const {
    std::string text = in_words(snapshot);
    for (const MessageSnapshot::Item& item : snapshot.items) {
        text += " | " + item.notice;
        if (item.due) {
            text += " " + workflows::iso_date(item.due->date);
        }
        for (const auto& [name, value] : item.fields) {
            text += " " + name + "=" + value;
        }
    }
    return workflows::RenderedMessage{.subject = text, .text = text, .html = text};
}

Result<std::string> PlainRenderer::to_bytes(const MessageSnapshot& snapshot,
                                            const workflows::RenderedMessage& rendered,
                                            const workflows::Definitions&) const {
    return clock(snapshot.at) + " <" + snapshot.message_id + "> " + rendered.text;
}

Office::Office(DefinitionsPtr definitions, workflows::Store* store, daemon::Engine::Options options)
    : definitions_(std::move(definitions)),
      own_(store == nullptr
               ? std::make_unique<integrations::MemoryStore>(
                     integrations::MemoryStoreOptions{.keep_changes = false, .keep_history = false})
               : nullptr),
      watching_(store == nullptr ? *own_ : *store),
      store_(watching_),
      options_(std::move(options)) {
    build_engine();
}

Office::~Office() {
    for (const std::string& problem : watching_.problems()) {
        ADD_FAILURE() << problem;
    }
}

void Office::build_engine() {
    daemon::Dispatcher& dispatcher = *this;
    daemon::EngineObserver& observer = *this;
    engine_ = std::make_unique<daemon::Engine>(store_, dispatcher, observer, options_);
    offered_.clear();
}

Status Office::start(Instant now) {
    Status started = engine_->start(definitions_, "files of " + definitions_->hash, now);
    for (int left = patience;
         !started.ok() && started.error().kind == ErrorKind::Unavailable && left > 0; --left) {
        started = engine_->start(definitions_, "files of " + definitions_->hash, now);
    }
    now_ = now;
    wake_ = now;
    return started;
}

Status Office::crash(Instant now) {
    build_engine();
    return start(now);
}

Status Office::reload(std::string_view when, DefinitionsPtr definitions,
                      const std::optional<std::string>& who) {
    run(when);
    now_ = at(when);
    wake_ = *now_;
    const std::string files = "files of " + definitions->hash;
    Status used = engine_->use(definitions, files, *now_, who);
    for (int left = patience; !used.ok() && used.error().kind == ErrorKind::Unavailable && left > 0;
         --left) {
        used = engine_->use(definitions, files, *now_, who);
    }
    if (used.ok()) {
        definitions_ = std::move(definitions);
    }
    return used;
}

void Office::run(Instant until) {
    while (wake_ && *wake_ < until) {
        const auto stepped = step(std::max(*wake_, *now_));
        if (!stepped.ok()) {
            ADD_FAILURE() << stepped.error().message;
            return;
        }
    }
}

void Office::step(std::string_view when) {
    run(when);
    const auto stepped = step(at(when));
    EXPECT_TRUE(stepped.ok()) << (stepped.ok() ? "" : stepped.error().message);
}

Result<std::optional<Instant>> Office::step(Instant now) {
    now_ = now;
    int left = patience;
    for (int round = 0; round < kRoundsMax; ++round) {
        auto wake = engine_->step(now);
        if (!wake.ok()) {
            if (wake.error().kind == ErrorKind::Unavailable && left-- > 0) {
                continue;
            }
            return wake;
        }
        wake_ = wake.value();
        const Result<bool> sent = send_offered(now);
        if (!sent.ok()) {
            return sent.error();
        }
        if (!sent.value()) {
            return wake_;
        }
    }
    return endless("sending at " + clock(now));
}

Result<bool> Office::send_offered(Instant now) {
    auto waiting = std::exchange(offered_, {});
    const bool any = !waiting.empty();
    int rewrites = 0;
    while (!waiting.empty()) {
        MessageSnapshot snapshot = std::move(waiting.front());
        waiting.erase(waiting.begin());
        Written written{.snapshot = std::move(snapshot), .rendered = {}, .bytes = {}};
        written.rendered = renderer_.render(written.snapshot, *definitions_).value();
        written.bytes =
            written.snapshot.stored_bytes
                ? *written.snapshot.stored_bytes
                : renderer_.to_bytes(written.snapshot, written.rendered, *definitions_).value();
        if (while_writing) {
            while_writing(written.snapshot);
        }
        auto marked = engine_->mark_sending({written}, now);
        if (!marked.ok()) {
            // As the service does: nobody has it any more, the next step offers it again.
            engine_->take_back(written.snapshot.number);
            continue;
        }
        MarkAnswer answer = marked.value().front();
        if (answer.verdict == MarkAnswer::Verdict::Rewrite) {
            if (++rewrites > kRoundsMax) {
                return endless("the message " + line_of(*answer.snapshot));
            }
            waiting.insert(waiting.begin(), *answer.snapshot);
        } else if (answer.verdict == MarkAnswer::Verdict::Go) {
            if (before_hand_over && before_hand_over(written.snapshot)) {
                const Status started = crash(now);
                return started.ok() ? Result<bool>{true} : Result<bool>{started.error()};
            }
            const Status handed = hand_over(written, now);
            if (!handed.ok()) {
                return handed.error();
            }
        }
    }
    return any;
}

Status Office::hand_over(const Written& written, Instant now) {
    workflows::Envelope envelope{.number = written.snapshot.number,
                                 .channel = written.snapshot.channel,
                                 .message_id = written.snapshot.message_id,
                                 .from = definitions_->installation.mail.from,
                                 .to = {written.snapshot.to.address},
                                 .bytes = written.bytes,
                                 .at = written.snapshot.at,
                                 .attempt = written.snapshot.attempt};
    for (const workflows::Person& copy : written.snapshot.copies) {
        envelope.to.push_back(copy.address);
    }
    DeliveryReport report;
    report.verdict = workflows::Verdict::Delivered;
    if (transport) {
        report = transport(envelope);
    }
    report.number = envelope.number;
    handed_over.push_back(
        {written.snapshot, envelope, report.verdict == workflows::Verdict::Delivered});
    if (after_hand_over && after_hand_over(written.snapshot)) {
        return crash(now);
    }
    Status recorded = engine_->delivered({report}, now);
    for (int left = patience; !recorded.ok() && left > 0; --left) {
        recorded = engine_->delivered({report}, now);
    }
    return recorded;
}

Result<daemon::EventAnswer> Office::raise(std::string_view when, const std::string& case_id,
                                          const std::string& event, workflows::Actor by,
                                          const std::map<std::string, std::string>& fields) {
    run(when);
    now_ = at(when);
    wake_ = *now_;
    daemon::RaiseEvent command;
    command.event.case_id = case_id;
    command.event.name = event;
    command.event.by = by;
    command.event.fields = fields;
    auto answer = engine_->raise({command}, *now_).front();
    for (int left = patience;
         !answer.ok() && answer.error().kind == ErrorKind::Unavailable && left > 0; --left) {
        answer = engine_->raise({command}, *now_).front();
    }
    return answer;
}

void Office::committed(const workflows::Batch& batch) {
    for (const workflows::Person& person : batch.persons) {
        people_[person.id] = person.address;
    }
    for (const workflows::LogEntry& entry : batch.entries) {
        for (const Reminder& reminder : entry.change.reminders) {
            if (const std::string* address = engine_->persons().address_of(reminder.person)) {
                people_[reminder.person] = *address;
            }
        }
    }
}

void Office::lose_next_answer() {
    transport = [this](const workflows::Envelope&) {
        transport = nullptr;
        workflows::DeliveryReport unknown;
        unknown.verdict = workflows::Verdict::RetryLater;
        unknown.uncertain = true;
        return unknown;
    };
}

workflows::Case Office::find_case(const std::string& id) {
    const auto found = store_.snapshot()->find_case(id).value();
    if (!found) {
        ADD_FAILURE() << "no case " << id;
        return {};
    }
    return *found;
}

std::vector<std::string> Office::accounts(const std::string& case_id) {
    auto reminders = store_.snapshot()->reminders_of(case_id).value();
    std::sort(reminders.begin(), reminders.end(), [&](const Reminder& a, const Reminder& b) {
        return std::tie(a.step_at, a.step, people_[a.person], a.claimed_at) <
               std::tie(b.step_at, b.step, people_[b.person], b.claimed_at);
    });
    std::vector<std::string> lines;
    for (const Reminder& reminder : reminders) {
        lines.push_back(reminder.version + ' ' + reminder.step + ' ' +
                        local_part(people_[reminder.person]) + ": " +
                        std::string{to_string(reminder.account)} + ", " +
                        std::string{to_string(reminder.reason)});
    }
    return lines;
}

workflows::Books Office::books() {
    return store_.ledger().value().books;
}

std::vector<workflows::StoredMessage> Office::messages(workflows::MessageState state) {
    workflows::MessageFilter filter;
    filter.state = state;
    filter.count_max = 10'000;
    auto found = store_.snapshot()->messages(filter).value();
    std::reverse(found.begin(), found.end());
    return found;
}

std::vector<std::string> Office::sent() const {
    std::vector<std::string> lines;
    for (const HandedOver& message : handed_over) {
        if (message.accepted) {
            lines.push_back(line_of(message.snapshot));
        }
    }
    return lines;
}

std::vector<std::string> Office::news() {
    const auto all = sent();
    const std::size_t first = std::exchange(told_, all.size());
    return {all.begin() + static_cast<std::ptrdiff_t>(std::min(first, all.size())), all.end()};
}

}  // namespace fristvakt::tests
