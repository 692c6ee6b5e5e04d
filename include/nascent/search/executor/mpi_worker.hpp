// What a worker's process does: one thread evaluates, the main thread answers rank 0.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "nascent/search/executor/executor_policy.hpp"
#include "nascent/search/executor/message.hpp"
#include "nascent/search/executor/mpi_link.hpp"

namespace nascent::detail {

/// A thread that evaluates the trials it is given, one after another.
template <class Space, class Evaluator>
class MpiEvaluation {
 public:
  struct Said {
    MpiTag tag;
    std::string text;
  };

  MpiEvaluation(Space space, Evaluator& evaluator)
      : space_(std::move(space)), evaluator_(evaluator), thread_([this] { work(); }) {}
  MpiEvaluation(const MpiEvaluation&) = delete;
  MpiEvaluation& operator=(const MpiEvaluation&) = delete;
  ~MpiEvaluation() {
    cancel_all();
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    work_.notify_one();
    thread_.join();
  }

  void give(const std::string& text) {
    Json json = Json::parse(text);
    const JobId id = json.at("job").get<JobId>();
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::make_shared<Job>(id, std::move(json)));
    }
    work_.notify_one();
  }

  void cancel(JobId id) {
    const std::lock_guard lock(mutex_);
    for (const auto& job : jobs_)
      if (job->id == id) job->cancelled = true;
  }

  void cancel_all() {
    const std::lock_guard lock(mutex_);
    for (const auto& job : jobs_) job->cancelled = true;
  }

  bool busy() {
    const std::lock_guard lock(mutex_);
    return !jobs_.empty() || !said_.empty();
  }

  /// The next that there is to say, if any comes within the time.
  std::optional<Said> next(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    spoke_.wait_for(lock, time, [this] { return !said_.empty(); });
    if (said_.empty()) return std::nullopt;
    Said said = std::move(said_.front());
    said_.pop_front();
    return said;
  }

 private:
  struct Job {
    JobId id;
    Json json;
    std::atomic<bool> cancelled = false;
    Job(JobId i, Json j) : id(i), json(std::move(j)) {}
  };

  struct Reporter : Monitor {
    MpiEvaluation& owner;
    Job& job;
    Reporter(MpiEvaluation& o, Job& j) : owner(o), job(j) {}
    void on_epoch(const EpochReport& report) override {
      owner.say(MpiTag::report, json_text(message_of_report(job.id, report)));
    }
    bool cancelled() override { return job.cancelled; }
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      work_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      const std::shared_ptr<Job> job = jobs_.front();
      lock.unlock();
      const std::string end = json_text(message_of_end(evaluate(*job)));
      lock.lock();
      jobs_.pop_front();
      said_.push_back({MpiTag::finished, end});
      spoke_.notify_one();
    }
  }

  Finished evaluate(Job& job) {
    if (job.cancelled) return {job.id, {}, {}};
    try {
      const auto trial = trial_of(space_, job.json);
      Reporter monitor(*this, job);
      return finish(job.id, space_, evaluator_, trial, monitor);
    } catch (...) {  // a text that does not parse
      return {job.id, {}, std::current_exception()};
    }
  }

  void say(MpiTag tag, std::string text) {
    const std::lock_guard lock(mutex_);
    said_.push_back({tag, std::move(text)});
    spoke_.notify_one();
  }

  const Space space_;
  Evaluator& evaluator_;
  std::mutex mutex_;
  std::condition_variable work_, spoke_;
  std::deque<std::shared_ptr<Job>> jobs_;  // the first is under way
  std::deque<Said> said_;
  bool closing_ = false;
  std::thread thread_;  // last: it uses all of the above
};

/// The main thread's side: passes on what is said, here and there, and gives signs of life.
template <class Space, class Evaluator>
class MpiWorker {
 public:
  MpiWorker(MpiLink& link, Space space, Evaluator& evaluator, double beat_seconds)
      : link_(link), beat_(beat_seconds), evaluation_(std::move(space), evaluator) {}

  /// Some milliseconds of it; false when rank 0 has said that it is the end. Anything heard makes
  /// `silence` zero.
  bool step(double& silence) {
    auto patience = std::chrono::milliseconds(evaluation_.busy() ? 5 : 1);
    while (const auto said = evaluation_.next(std::exchange(patience, {})))
      link_.send(0, said->tag, said->text);
    while (const auto message = link_.receive()) {
      silence = 0;
      hear(*message);
    }
    if (beat_()) link_.send(0, MpiTag::alive);
    return !ending_ || evaluation_.busy();
  }

  /// Whether rank 0 has closed without waiting for this worker, which it had lost.
  bool dismissed() const { return dismissed_; }

  /// Ends though nobody has said so. An evaluator that does not hear of it within the time is given
  /// up, and the process with it, for nobody is left who could want its outcome.
  void abandon(double seconds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    evaluation_.cancel_all();
    while (evaluation_.busy()) {
      evaluation_.next(std::chrono::milliseconds(5));
      if (std::chrono::steady_clock::now() > until) std::_Exit(1);
    }
  }

 private:
  void hear(const MpiMessage& message) {
    if (message.tag == MpiTag::trial) evaluation_.give(message.text);
    if (message.tag == MpiTag::cancel)
      evaluation_.cancel(Json::parse(message.text).template get<JobId>());
    if (message.tag == MpiTag::end || message.tag == MpiTag::close) {
      ending_ = true;
      dismissed_ = message.tag == MpiTag::close;
      evaluation_.cancel_all();
    }
  }

  MpiLink& link_;
  MpiBeat beat_;
  MpiEvaluation<Space, Evaluator> evaluation_;
  bool ending_ = false, dismissed_ = false;
};

template <class Space, class Evaluator>
MpiWorker(MpiLink&, Space, Evaluator&, double) -> MpiWorker<Space, Evaluator>;

}  // namespace nascent::detail
