"""Members that a concept prescribes: the same in every policy of a role, so said once, here, for the reference.

A docstring of a member's own comes first: there nothing is added.
"""
import re

# (headers, declaration, sentence), the first that fits.
MEMBERS = [
    ("", r"void options\(Field&& field\)", "Calls `field(name, value)` for each number: they stand in the journal's "
     "header and in the protocol."),
    ("", r"consteval bool explain\(\)", "Asserts, in a sentence of its own, what the call operator asks of a space."),
    ("", r"operator(==|<=>)\(.*= default", "Member by member."),
    ("", r"bool operator==\(", "Whether both are the same."),
    ("space/", r"using Architecture = ", "What this space is a set of."),
    ("", r"using Architecture = ", "Of the space that is searched."),
    ("", r"Task<Judged<Space>> operator\(\)\(", "The coroutine of the strategy; returns the best of what it judged. "
     "The space and what judges are the engine's."),
    ("", r"Task<Judged<Space>>$", "The coroutine of the strategy; returns the best of what it judged."),
    ("", r"Task<Judgement> operator\(\)\(", "The coroutine of the ranker: trains as it sees fit and returns what the "
     "candidate is worth."),
    ("ranker/", r"struct State\b", "What one run remembers from candidate to candidate."),
    ("optimiser/", r"struct State\b", "What is kept from step to step: a tensor of as many numbers as the network "
     "has parameters, for each."),
    ("", r"constexpr bool batches =", "It proposes by `Judge::batch` where a ranker needs that."),
    ("", r"constexpr bool inherits =", "Its candidates may begin with the weights of others."),
    ("", r"constexpr bool needs_batches =", "Its judgement compares the candidates of a batch."),
    ("", r"int batch_size\(", "How many candidates it wishes for in the next batch."),
    ("", r"constexpr bool pure =", "Whether an outcome is a function of the trial alone, so that equal trials need be "
     "evaluated once."),
    ("operation/", r"constexpr char letter", "Its name in the text of an architecture."),
    ("", r"constexpr std::string_view name", "Its name in reports and journals."),
    ("operation/", r"void describe\(NetworkBuilder", "Appends its layers: `target.channels` channels on a map reduced "
     "by `target.stride`."),
    ("", r"NetworkDescription describe\(", "The network of an architecture, layer by layer."),
    ("variable/", r"\bint count\(\)", "How many values it has."),
    ("variable/", r"\bvalue\(int ", "The value of an index, from 0 to count() - 1."),
    ("variable/", r"bool contains\(", "Whether it is one of the values."),
    ("", r"void check\(\) const", "Throws std::invalid_argument, in a sentence, for numbers that cannot be used."),
    ("executor/", r"crew\(const Space& ", "The workers of one run; they live as long as the run."),
    ("executor/", r"std::string name\(\)", "Its name and the number of its workers, for the journal's run.json."),
    ("executor/", r"int size\(\) const", "How many trials may be under way at once."),
    ("executor/", r"void start\(JobId ", "Begins a trial; fewer than size() are under way. The trial outlives the job."),
    ("executor/", r"void cancel\(JobId ", "Asks a job to end early; it may come to its end all the same."),
    ("executor/", r"std::optional<Finished> wait\(", "The next job that finished; nothing after some tens of milliseconds "
     "in which none did."),
    ("optimiser/", r"State start\(", "What is kept before the first step, for these parameters (one flat tensor)."),
    ("optimiser/", r"void step\(", "One step: moves the parameters along the gradients, both flat tensors, at this rate."),
    ("optimiser/", r"void visit\(", "Names each tensor of a state, for checkpoints."),
    ("optimiser/", r"double learning_rate", "Before the schedule's factor."),
    ("", r"Outcome evaluate\(const", "What the trial gave. Must be a function of the trial and of the evaluator's options "
     "(EvaluatorPolicy)."),
    ("", r"std::string machine\(\)", "Device and instruction set, on which rounding depends."),
    ("", r"Problem problem\(\)", "Image shape and classes, which spaces are fitted to."),
    ("", r"std::string caveat\(\)", "What every result has to say beside its numbers; empty: nothing."),
    ("", r"void on_begin\(", "Before the first trial."),
    ("", r"void on_trial\(", "A training begins; not called for what is recalled."),
    ("", r"void on_epoch\(", "An epoch of a trial has ended."),
    ("", r"void on_outcome\(", "An outcome is delivered; in the order of the trials."),
    ("", r"void on_early_outcome\(", "A worker has finished what the search has not come to yet."),
    ("", r"void on_incumbent\(", "The search would now return this."),
    ("", r"void on_milestone\(", "A phase of the strategy has ended."),
    ("", r"void on_end\(", "The search has ended, by itself or stopped."),
    ("", r"std::string stop\(\)", "Why the search must stop; empty: it goes on."),
    ("", r"std::optional<Outcome> recall\(", "What is known of the trial of this number."),
    ("", r"std::optional<Outcome> look_up\(", "What is known of an equal trial."),
    ("space/", r"void fit_to\(const Problem&", "Takes over the image shape and the number of classes."),
    ("space/", r"Architecture sample\(Random&", "An architecture drawn at random."),
    ("space/", r"Architecture parse\(std::string_view", "Reads what to_string wrote; std::invalid_argument for other texts."),
    ("space/", r"bool contains\(const Architecture&", "Whether the space, with its bounds, holds it."),
    ("space/", r"std::vector<int> choices\(\)", "How many values each position of the encoding has."),
    ("space/", r"std::vector<int> encode\(", "The architecture as numbers, one a position, from 0."),
    ("space/", r"Architecture decode\(const std::vector<int>&", "The architecture of these numbers; inverse of encode."),
    ("space/", r"std::vector<Architecture> neighbours\(", "All architectures that one change leads to."),
    ("space/", r"Position position\(const", "How far from the start of a macro search it is, which DynamicEpochRanker "
     "pays by."),
    ("space/", r"std::int64_t (parameters|macs)\(const", "Of one network; multiply-adds are those of one image."),
    ("space/", r"bool can_deepen\(", "Whether a layer more stays within the bounds."),
    ("space/", r"Architecture deeper\(", "With one layer more, of the first choices."),
    ("space/", r"bool can_narrow\(", "Whether a width step less stays within the bounds."),
    ("space/", r"Architecture narrower\(", "One width step less."),
    ("space/", r"int depth_of\(", "Searched layers."),
    ("space/", r"int width_of\(", "Channels of the first stage."),
    ("space/", r"Architecture with_width\(", "The same with so many channels in the first stage."),
    ("space/", r"int operation_choices\(\)", "How many operations a layer may choose from."),
    ("space/", r"int kernel_choices\(\)", "How many kernels a layer may choose from."),
    ("space/", r"Architecture with_operation\(", "With another operation in one layer; both count from 0."),
    ("space/", r"Architecture with_kernel\(", "With another kernel in one layer; both count from 0."),
]


def sentence(room, line):
    """For a line of a header, named from include/nascent/ on; None where nothing is prescribed."""
    if re.match(r"\s*//", line):
        return None
    return next((text for where, pattern, text in MEMBERS if where in room and re.search(pattern, line)), None)
