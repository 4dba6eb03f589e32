#include "daemon/app/log.hpp"

#include <cstdlib>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace fristvakt::daemon {

namespace {

std::string_view name_of(LogEvent event) {
    switch (event) {
        case LogEvent::Started:
            return "started";
        case LogEvent::Stopping:
            return "stopping";
        case LogEvent::Stopped:
            return "stopped";
        case LogEvent::ConfigurationUsed:
            return "configuration_used";
        case LogEvent::ConfigurationBad:
            return "configuration_bad";
        case LogEvent::ConfigurationWarning:
            return "configuration_warning";
        case LogEvent::ConfigurationChanged:
            return "configuration_changed";
        case LogEvent::StoreFailed:
            return "store_failed";
        case LogEvent::CannotGoOn:
            return "cannot_go_on";
        case LogEvent::StoreAnswers:
            return "store_answers";
        case LogEvent::Restored:
            return "restored";
        case LogEvent::CaseChanged:
            return "case_changed";
        case LogEvent::ReminderSettled:
            return "reminder_settled";
        case LogEvent::MessageSent:
            return "message_sent";
        case LogEvent::MessageHeld:
            return "message_held";
        case LogEvent::MessageFailed:
            return "message_failed";
        case LogEvent::MessageLater:
            return "message_later";
        case LogEvent::MessageUncertain:
            return "message_uncertain";
        case LogEvent::MessageDropped:
            return "message_dropped";
        case LogEvent::MailboxFailed:
            return "mailbox_failed";
        case LogEvent::MailboxAnswers:
            return "mailbox_answers";
        case LogEvent::AnswerPutAside:
            return "answer_put_aside";
        case LogEvent::CalendarFailed:
            return "calendar_failed";
        case LogEvent::CalendarAnswers:
            return "calendar_answers";
        case LogEvent::SignedIn:
            return "signed_in";
        case LogEvent::SignInRefused:
            return "sign_in_refused";
        case LogEvent::ProviderFailed:
            return "provider_failed";
        case LogEvent::SignInMailFailed:
            return "sign_in_mail_failed";
        case LogEvent::TokenMade:
            return "token_made";
        case LogEvent::TokenRevoked:
            return "token_revoked";
        case LogEvent::FeedMade:
            return "feed_made";
        case LogEvent::FeedRenewed:
            return "feed_renewed";
        case LogEvent::FeedEnded:
            return "feed_ended";
        case LogEvent::BooksClosed:
            return "books_closed";
        case LogEvent::BooksOff:
            return "books_off";
    }
    return "unknown";
}

/// sd-daemon(3): the journal takes the level from here; a terminal gets the word.
std::string_view prefix_of(LogLevel level, bool to_journal) {
    switch (level) {
        case LogLevel::Info:
            return to_journal ? "<6>" : "info    ";
        case LogLevel::Warning:
            return to_journal ? "<4>" : "warning ";
        case LogLevel::Error:
            return to_journal ? "<3>" : "error   ";
    }
    return "";
}

bool is_plain(std::string_view value) {
    return !value.empty() && value.find_first_of(" \"=\n\r\t") == std::string_view::npos;
}

/// One line stays one line, whatever the value holds.
std::string quoted(std::string_view value) {
    std::string safe = "\"";
    for (const char character : value) {
        if (character == '"' || character == '\\') {
            safe += '\\';
        }
        safe += static_cast<unsigned char>(character) < ' ' ? ' ' : character;
    }
    return safe + "\"";
}

struct Sink {
    std::shared_ptr<spdlog::logger> logger = spdlog::stderr_logger_mt("fristvakt");
    // Read once, before any other thread exists.
    bool to_journal = std::getenv("JOURNAL_STREAM") != nullptr;  // NOLINT(concurrency-mt-unsafe)
    Sink() {
        logger->set_pattern("%v");
        logger->set_level(spdlog::level::trace);
        logger->flush_on(spdlog::level::trace);
    }
};

/// Only what somebody may ask about: sent ones are told by their message, and steps that were over
/// before they could count stand in the history of their case.
void report_reminder(const workflows::Reminder& reminder) {
    using workflows::Account;
    using workflows::Reason;
    const bool never_counted = reminder.reason == Reason::BeforeOpening ||
                               reminder.reason == Reason::BeforeVersion ||
                               reminder.reason == Reason::NotWaiting;
    if (reminder.account == Account::Waiting || reminder.account == Account::Sent ||
        never_counted) {
        return;
    }
    log(LogLevel::Info, LogEvent::ReminderSettled,
        {{"case", reminder.case_id},
         {"step", reminder.step},
         {"person", reminder.person},
         {"account", std::string{to_string(reminder.account)}},
         {"reason", std::string{to_string(reminder.reason)}}});
}

void report_message(const workflows::Message& message) {
    using workflows::MessageState;
    const std::vector<LogField> fields{{"message", std::to_string(message.number)},
                                       {"channel", message.channel},
                                       {"organisation", message.organisation},
                                       {"person", message.person},
                                       {"attempts", std::to_string(message.attempts)},
                                       {"reason", std::string{to_string(message.reason)}},
                                       {"reply", message.reply}};
    switch (message.state) {
        case MessageState::Waiting:
            if (message.attempts > 0) {
                log(LogLevel::Warning, LogEvent::MessageLater, fields);
            }
            return;
        case MessageState::Sending:
            return;
        case MessageState::Sent:
            return log(LogLevel::Info, LogEvent::MessageSent, fields);
        case MessageState::Held:
            return log(LogLevel::Warning, LogEvent::MessageHeld, fields);
        case MessageState::Failed:
            return log(LogLevel::Error, LogEvent::MessageFailed, fields);
        case MessageState::Dropped:
            return log(LogLevel::Info, LogEvent::MessageDropped, fields);
        case MessageState::Uncertain:
            return log(LogLevel::Warning, LogEvent::MessageUncertain, fields);
    }
}

}  // namespace

void log(LogLevel level, LogEvent event, const std::vector<LogField>& fields) {
    static const Sink kSink;
    std::string line{prefix_of(level, kSink.to_journal)};
    line += "event=" + std::to_string(static_cast<int>(event)) + " name=";
    line += name_of(event);
    for (const LogField& field : fields) {
        if (!field.value.empty()) {
            line += ' ';
            line += field.key;
            line += '=';
            line += is_plain(field.value) ? field.value : quoted(field.value);
        }
    }
    kSink.logger->log(spdlog::level::info, line);
}

void LogReporter::committed(const workflows::Batch& batch) {
    for (const workflows::LogEntry& entry : batch.entries) {
        if (entry.kind == "event") {
            log(LogLevel::Info, LogEvent::CaseChanged,
                {{"case", entry.case_id},
                 {"what", entry.event},
                 {"from", entry.from},
                 {"to", entry.to},
                 {"by", entry.actor}});
        } else if (entry.kind == "configuration") {
            log(LogLevel::Info, LogEvent::ConfigurationUsed, {{"hash", entry.data.at("hash")}});
        }
        for (const workflows::Reminder& reminder : entry.change.reminders) {
            report_reminder(reminder);
        }
        for (const workflows::Message& message : entry.change.messages) {
            report_message(message);
        }
    }
}

}  // namespace fristvakt::daemon
