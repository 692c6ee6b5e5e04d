"""check_torch.py DIRECTORY...: plain.py, pixels.py, plain.pt and pixels.pt against cases.safetensors."""
import importlib.util
import sys
from pathlib import Path

from packages import package

torch = package("torch")
load_file = package("safetensors.torch").load_file


def module_of(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check(directory):
    cases = load_file(directory / "cases.safetensors")
    plain, pixels = (module_of(directory / name) for name in ("plain.py", "pixels.py"))
    assert plain.CLASSES[1] == 'class "1"', plain.CLASSES
    networks = {
        "images": [plain.load(), pixels.load(normalise=False), torch.jit.load(directory / "plain.pt")],
        "pixels": [pixels.load(), plain.load(normalise=True), torch.jit.load(directory / "pixels.pt")],
    }
    largest = 0.0
    with torch.no_grad():
        for form, ways in networks.items():
            for network in ways:
                for k in range(3):
                    error = network(cases[f"{form}.{k}"]) - cases[f"logits.{k}"]
                    largest = max(largest, error.abs().max().item())
    print(f"PyTorch {torch.__version__}, {directory.name}: largest difference {largest:.2g}")
    assert largest < 1e-5
    # It can be trained on, too.
    network = plain.load().train()
    network(cases["images.1"]).sum().backward()
    assert all(p.grad is not None for p in network.parameters())


for directory in sys.argv[1:]:
    check(Path(directory))
