#include <algorithm>
#include <utility>

#include "tests/simulation/world/definitions.hpp"
#include "tests/simulation/world/life.hpp"

/// What the sender threads and the mail server do, one thing after another.
namespace fristvakt::tests::simulation {

using daemon::MarkAnswer;
using model::Second;
using workflows::DeliveryReport;
using workflows::Verdict;

namespace {

/// All that a reader sees, so that other words are other bytes.
std::string bytes_of(const workflows::MessageSnapshot& snapshot) {
    std::string bytes =
        snapshot.message_id + " " + std::to_string(snapshot.at.time_since_epoch().count());
    for (const auto& item : snapshot.items) {
        bytes += "\n" + item.case_id + " " + item.step + " " + item.notice;
    }
    if (snapshot.meeting) {
        bytes += "\n" + text_of(letter_of(snapshot, 0));
    }
    return bytes;
}

}  // namespace

void Life::offer(workflows::MessageSnapshot snapshot) {
    Job job;
    job.snapshot = std::move(snapshot);
    job.due_at = job.offered_at = now_;
    if (const auto slow = trouble_.take(Fault::SenderSlow)) {
        job.pause = slow->amount;
    }
    put_back(std::move(job), Job::Stage::Mark, 0);
}

void Life::put_back(Job job, Job::Stage stage, Second pause) {
    job.stage = stage;
    job.due_at = now_ + std::max(job.pause, pause);
    jobs_.push_back(std::move(job));
}

std::vector<Life::Job> Life::take_due(Job::Stage stage) {
    std::vector<Job> due;
    std::vector<Job> rest;
    for (Job& job : jobs_) {
        (job.stage == stage && job.due_at <= now_ ? due : rest).push_back(std::move(job));
    }
    jobs_ = std::move(rest);
    return due;
}

/// Does what is due now; true when the engine should look again.
bool Life::carry() {
    bool any = false;
    for (const auto stage :
         {Job::Stage::Mark, Job::Stage::Unwritable, Job::Stage::HandOver, Job::Stage::Report}) {
        auto due = take_due(stage);
        if (due.empty()) {
            continue;
        }
        any = true;
        switch (stage) {
            case Job::Stage::Mark:
                mark(std::move(due));
                break;
            case Job::Stage::Unwritable:
                say_unwritable(std::move(due));
                break;
            case Job::Stage::HandOver:
                hand_over(std::move(due));
                break;
            case Job::Stage::Report:
                report(std::move(due));
                break;
        }
    }
    return any;
}

void Life::mark(std::vector<Job> jobs) {
    std::vector<daemon::Written> written;
    std::vector<Job> waiting;
    for (Job& job : jobs) {
        if (trouble_.take(Fault::CannotWrite)) {
            put_back(std::move(job), Job::Stage::Unwritable, 0);
            continue;
        }
        written.push_back({.snapshot = job.snapshot,
                           .rendered = {},
                           .bytes = job.snapshot.stored_bytes ? *job.snapshot.stored_bytes
                                                              : bytes_of(job.snapshot)});
        waiting.push_back(std::move(job));
    }
    if (written.empty()) {
        return;
    }
    auto marked = engine_->mark_sending(written, instant_of(now_));
    if (!marked.ok()) {
        failed(marked.error(), "mark");
        for (const Job& job : waiting) {
            engine_->take_back(job.snapshot.number);
        }
        return;
    }
    std::vector<MarkAnswer> answers = std::move(marked).value();
    for (std::size_t index = 0; index < waiting.size(); ++index) {
        MarkAnswer& answer = answers[index];
        Job& job = waiting[index];
        if (answer.verdict == MarkAnswer::Verdict::Rewrite) {
            job.snapshot = std::move(*answer.snapshot);
            put_back(std::move(job), Job::Stage::Mark, 0);
        } else if (answer.verdict == MarkAnswer::Verdict::Go) {
            judge_.leaves(letter_of(job.snapshot, job.offered_at), now_);
            put_back(std::move(job), Job::Stage::HandOver, 0);
        }
    }
}

void Life::say_unwritable(std::vector<Job> jobs) {
    for (Job& job : jobs) {
        const auto number = job.snapshot.number;
        judge_.cannot_be_written(number);
        const auto noted = engine_->not_written(number, "no words", instant_of(now_));
        if (!noted.ok()) {
            failed(noted, "not written");
            put_back(std::move(job), Job::Stage::Unwritable, pause_after(steps_failed_));
        }
    }
}

void Life::hand_over(std::vector<Job> jobs) {
    for (Job& job : jobs) {
        if (const auto end = trouble_.take(Fault::CrashBeforeSending)) {
            throw Crash{end->amount};
        }
        job.report = serve(job);
        if (const auto end = trouble_.take(Fault::CrashAfterSending)) {
            throw Crash{end->amount};
        }
        put_back(std::move(job), Job::Stage::Report, 0);
    }
}

DeliveryReport Life::serve(const Job& job) {
    DeliveryReport report;
    report.number = job.snapshot.number;
    report.verdict = Verdict::Delivered;
    const auto fault = trouble_.server();
    if (fault) {
        tell("  " + name_of(*fault));
        report.verdict = *fault == Fault::AddressRefused || *fault == Fault::ServerRefuses
                             ? Verdict::Refused
                             : Verdict::RetryLater;
        report.recipient_refused = *fault == Fault::AddressRefused;
        report.uncertain = *fault == Fault::TimesOut || *fault == Fault::AnswersTooLate;
    }
    const bool arrives = !fault || *fault == Fault::AnswersTooLate;
    if (told_ != nullptr) {
        tell("  " + text_of(letter_of(job.snapshot, job.offered_at)) +
             (arrives ? " arrives" : " does not arrive"));
    }
    judge_.handed(report.number, arrives, now_);
    return report;
}

void Life::report(std::vector<Job> jobs) {
    std::vector<DeliveryReport> reports;
    for (const Job& job : jobs) {
        reports.push_back(job.report);
        judge_.says(job.report.number, job.report.verdict == Verdict::Delivered,
                    job.report.recipient_refused);
    }
    const auto recorded = engine_->delivered(reports, instant_of(now_));
    if (!recorded.ok()) {
        failed(recorded, "report");
        for (Job& job : jobs) {
            put_back(std::move(job), Job::Stage::Report, pause_after(steps_failed_));
        }
    }
}

}  // namespace fristvakt::tests::simulation
