"""check_onnx.py DIRECTORY...: plain.onnx and pixels.onnx are valid and give the logits of cases.safetensors."""
import json
import sys
from pathlib import Path

from packages import package

onnx = package("onnx")
runtime = package("onnxruntime")
numpy = package("numpy")
load_file = package("safetensors.numpy").load_file


def check(directory):
    cases = load_file(directory / "cases.safetensors")
    largest = 0.0
    for name, form in (("plain", "images"), ("pixels", "pixels")):
        path = directory / f"{name}.onnx"
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        assert model.opset_import[0].version == 17
        assert json.loads(model.metadata_props[0].value)[1] == 'class "1"'
        session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
        for k in range(3):
            (logits,) = session.run(["logits"], {"images": cases[f"{form}.{k}"]})
            largest = max(largest, float(numpy.abs(logits - cases[f"logits.{k}"]).max()))
    print(f"onnxruntime {runtime.__version__}, {directory.name}: largest difference {largest:.2g}")
    assert largest < 1e-4


for directory in sys.argv[1:]:
    check(Path(directory))
