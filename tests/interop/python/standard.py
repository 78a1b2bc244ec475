"""The standard services: health (with a watch) and reflection under both names."""

import grpc
from google.protobuf import descriptor_pb2

from harness import failure


def health(report, schema, target):
    request = schema.message("grpc.health.v1.HealthCheckRequest")
    with grpc.insecure_channel(target) as channel:
        stub = schema.stub(channel, "grpc.health.v1.Health")
        report.check("health of the server", stub.Check(request()).status == 1)
        error = failure(lambda: stub.Check(request(service="unheard.of")))
        report.check("health of an unknown service", error.code() == grpc.StatusCode.NOT_FOUND)
        listed = stub.List(schema.message("grpc.health.v1.HealthListRequest")())
        report.check("health list", listed.statuses[""].status == 1)
        watch = stub.Watch(request(service="unheard.of"))
        report.check("watch of an unknown service", next(watch).status == 3)
        watch.cancel()


def reflection(report, schema, target, version):
    request = schema.message(f"grpc.reflection.{version}.ServerReflectionRequest")
    with grpc.insecure_channel(target) as channel:
        stub = schema.stub(channel, f"grpc.reflection.{version}.ServerReflection")
        questions = [
            request(list_services=""),
            request(file_containing_symbol="echo.v1.Echo"),
            request(file_by_filename="grpc/health/v1/health.proto"),
            request(file_containing_symbol="no.Such"),
        ]
        listed, echo, file, missing = stub.ServerReflectionInfo(iter(questions))
        names = {service.name for service in listed.list_services_response.service}
        report.check(f"reflection {version} list", "echo.v1.Echo" in names and len(names) == 5, sorted(names))
        protos = [descriptor_pb2.FileDescriptorProto.FromString(b) for b in echo.file_descriptor_response.file_descriptor_proto]
        report.check(f"reflection {version} symbol", [m.name for m in protos[0].service[0].method][0] == "Unary", protos[0].name)
        report.check(f"reflection {version} file", len(file.file_descriptor_response.file_descriptor_proto) == 1)
        report.check(f"reflection {version} unknown", missing.error_response.error_code == 5)
