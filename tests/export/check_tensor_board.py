"""check_tensor_board.py DIRECTORY: prints the scalars that TensorBoard's reader finds in it and below."""
import sys
from pathlib import Path

from packages import package

accumulators = package("tensorboard.backend.event_processing.event_accumulator")
root = Path(sys.argv[1])
for directory in (root, *sorted(root.glob("candidates/*"))):
    events = accumulators.EventAccumulator(str(directory)).Reload()
    for tag in sorted(events.Tags()["scalars"]):
        run = "" if directory == root else f"{directory.relative_to(root)} "
        print(f"{run}{tag}", [(point.step, point.value) for point in events.Scalars(tag)])
