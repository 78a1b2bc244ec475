using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1;
using Question = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace TrafficDispatch.Service.Rpc;

/// <summary>The standard reflection service, v1. Thread-safe; register it as a singleton.</summary>
public sealed class ReflectionService : ServerReflection.ServerReflectionBase
{
    private readonly Lazy<ReflectionCatalog> _catalog;

    /// <summary>Answers from the services mapped to these endpoints, read at the first question.</summary>
    public ReflectionService(EndpointDataSource endpoints) =>
        _catalog = new Lazy<ReflectionCatalog>(() => ReflectionCatalog.Of(endpoints));

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(Answer(request));
    }

    /// <summary>Answers one question; what is not there gives an error inside the answer, never a failed call.</summary>
    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ReflectionCatalog catalog = _catalog.Value;
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Question.ListServices:
                response.ListServicesResponse = new ListServiceResponse();
                response.ListServicesResponse.Service.AddRange(catalog.Services.Select(name => new ServiceResponse { Name = name }));
                break;
            case Question.FileByFilename:
                AnswerFiles(response, catalog.FilesByName(request.FileByFilename), $"No file '{request.FileByFilename}'.");
                break;
            case Question.FileContainingSymbol:
                AnswerFiles(response, catalog.FilesBySymbol(request.FileContainingSymbol), $"No symbol '{request.FileContainingSymbol}'.");
                break;
            case Question.AllExtensionNumbersOfType when catalog.IsMessage(request.AllExtensionNumbersOfType):
                // No file served here declares an extension.
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Question.AllExtensionNumbersOfType:
                SetError(response, StatusCode.NotFound, $"No message '{request.AllExtensionNumbersOfType}'.");
                break;
            case Question.FileContainingExtension:
                SetError(response, StatusCode.NotFound, "No such extension.");
                break;
            default:
                SetError(response, StatusCode.InvalidArgument, "The request asks nothing.");
                break;
        }

        return response;
    }

    private static void AnswerFiles(ServerReflectionResponse response, IReadOnlyList<ByteString>? files, string notFound)
    {
        if (files is null)
        {
            SetError(response, StatusCode.NotFound, notFound);
            return;
        }

        response.FileDescriptorResponse = new FileDescriptorResponse();
        response.FileDescriptorResponse.FileDescriptorProto.AddRange(files);
    }

    private static void SetError(ServerReflectionResponse response, StatusCode code, string message) =>
        response.ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message };
}
