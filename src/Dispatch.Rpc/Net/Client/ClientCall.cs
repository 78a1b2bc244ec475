using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>One call on the client, over one HTTP/2 request. One reader and one writer at a time.</summary>
internal sealed class ClientCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, IClientCall, IDisposable
    where TRequest : class
    where TResponse : class
{
    // The standard client's own switch: this header, which is not sent, names the coding of the requests.
    private const string RequestEncodingKey = "grpc-internal-encoding-request";

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly ClientCallLife _life;
    private readonly bool _gzipRequests;
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _opening;
    private HttpResponseMessage? _response;
    private PipeReader? _body;
    private ReceiveRules _receive;
    private TResponse? _current;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        channel.ThrowIfDisposed();
        (_channel, _method, _host, _options) = (channel, method, host, options);
        _gzipRequests = options.Headers?.GetValue(RequestEncodingKey) == GzipCodec.Name;
        _life = new ClientCallLife(channel, options);
    }

    public Task<Metadata> Headers => _headers.Task;

    public CancellationToken Token => _life.Token;

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message.");

    public Func<HttpContent> Content(TRequest request) => () =>
    {
        var frame = new ArrayBufferWriter<byte>(256);
        MessageEncoder.Encode(frame, _method.RequestMarshaller, request, Rules(_options.WriteOptions));
        return new SingleRequestContent(frame.WrittenMemory);
    };

    public RequestStreamContent<TRequest> StreamContent() =>
        new(this, _method.RequestMarshaller, options => Rules(options ?? _options.WriteOptions));

    public void Open(HttpContent content) => Open(() => content);

    public void Open(Func<HttpContent> content)
    {
        _opening = OpenAsync(content);
        // A caller that never reads never sees this failure; it must not surface as an unobserved one.
        Observe(_opening);
    }

    public Task<TResponse> SingleResponseAsync(HttpContent content) => SingleResponseAsync(() => content);

    public async Task<TResponse> SingleResponseAsync(Func<HttpContent> content)
    {
        Open(content);
        if (!await MoveNext(CancellationToken.None).ConfigureAwait(false))
            throw WireFault.Internal("The server ended the call without a response message.");
        TResponse response = Current;
        return await MoveNext(CancellationToken.None).ConfigureAwait(false)
            ? throw Fail(WireFault.Internal("The server sent more than one response message."))
            : response;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cancel = CancelWith(cancellationToken);
        await _opening!.ConfigureAwait(false);
        if (_life.Ended is { } ended)
            return ended.Status.StatusCode == StatusCode.OK ? false : throw ended.ToException();
        try
        {
            _current = await MessageStream.ReadAsync(_body!, _method.ResponseMarshaller, _receive, Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }

        if (_current is null)
            EndWith(TransportStatus.Find(_response!.TrailingHeaders), TransportStatus.ToMetadata(_response.TrailingHeaders));
        return _current is not null;
    }

    public CancellationTokenRegistration CancelWith(CancellationToken token) =>
        token.UnsafeRegister(static life => ((ClientCallLife)life!).Cancel(), _life);

    public async Task<Exception> WriteFailureAsync(Exception exception)
    {
        try
        {
            // A server that refuses the call closes the request stream first and explains itself in the response.
            await _opening!.ConfigureAwait(false);
        }
        catch (RpcException refused)
        {
            return refused;
        }

        return _life.Ended switch
        {
            null when _life.StatusOf(exception) is { StatusCode: not StatusCode.Internal } cause => new RpcException(cause),
            null => new RpcException(new Status(StatusCode.Cancelled, "The server reads no more requests; the response tells why.", exception)),
            { Status.StatusCode: StatusCode.OK } => new InvalidOperationException("The message cannot be written: the call is complete.", exception),
            { } failed => failed.ToException(),
        };
    }

    public Status GetStatus() => Ended().Status;

    public Metadata GetTrailers() => Ended().Trailers;

    public void Dispose()
    {
        if (_life.Ended is null)
            Finish(new Status(StatusCode.Cancelled, "The call was disposed by the client."), []);
        _response?.Dispose();
    }

    private static void Observe(Task task) =>
        _ = task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private SendRules Rules(WriteOptions? options) => new(
        _channel.MaxSendBytes,
        _gzipRequests && ((options?.Flags ?? WriteFlags.None) & WriteFlags.NoCompress) == WriteFlags.None ? CompressionLevel.Fastest : null);

    private async Task OpenAsync(Func<HttpContent> content)
    {
        try
        {
            using HttpRequestMessage request = NewRequest(content());
            _response = await _channel.Http.SendAsync(request, Token).ConfigureAwait(false);
            if (TransportStatus.Find(_response.Headers) is { } status)
                EndWith(status, TransportStatus.ToMetadata(_response.Headers));
            else
                await AcceptAsync(_response).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    private HttpRequestMessage NewRequest(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_channel.Address, _method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.Host = _host;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", "grpc-dispatch/1");
        headers.TryAddWithoutValidation("grpc-accept-encoding", "identity,gzip");
        if (_gzipRequests)
            headers.TryAddWithoutValidation("grpc-encoding", GzipCodec.Name);
        if (_life.Remaining is { } remaining)
            headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(remaining));
        foreach (Metadata.Entry entry in _options.Headers ?? [])
        {
            if (entry.Key != RequestEncodingKey && MetadataCodec.IsCallersOwn(entry.Key))
                headers.TryAddWithoutValidation(entry.Key, MetadataCodec.Encode(entry));
        }

        return request;
    }

    private async Task AcceptAsync(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new RpcException(TransportStatus.Of(response.StatusCode));
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (type?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
            throw new RpcException(new Status(StatusCode.Unknown, $"The response is not gRPC: content type '{type}'."));
        string? encoding = response.Headers.NonValidated.TryGetValues("grpc-encoding", out var values) ? values.ToString() : null;
        _receive = new ReceiveRules(_channel.MaxReceiveBytes, encoding);
        _body = PipeReader.Create(await response.Content.ReadAsStreamAsync(Token).ConfigureAwait(false));
        _headers.TrySetResult(TransportStatus.ToMetadata(response.Headers));
    }

    private ClientCallLife.Ending Ended() =>
        _life.Ended ?? throw new InvalidOperationException("The call has not ended yet.");

    private void EndWith(Status? status, Metadata trailers)
    {
        ClientCallLife.Ending ending = Finish(status ?? new Status(StatusCode.Unknown, "The server ended the call without a status."), trailers);
        if (ending.Status.StatusCode != StatusCode.OK)
            throw ending.ToException();
    }

    private RpcException Fail(Exception exception)
    {
        Metadata trailers = exception is RpcException rpc ? rpc.Trailers : [];
        return Finish(_life.StatusOf(exception), trailers).ToException();
    }

    private ClientCallLife.Ending Finish(Status status, Metadata trailers)
    {
        ClientCallLife.Ending ending = _life.End(status, trailers);
        if (_headers.Task.IsCompleted || (ending.Status.StatusCode == StatusCode.OK && _headers.TrySetResult([])))
            return Close(ending);
        _headers.TrySetException(ending.ToException());
        Observe(_headers.Task);
        return Close(ending);
    }

    // After a failure the rest of the stream is cancelled; after success there is no rest but unread request messages.
    private ClientCallLife.Ending Close(ClientCallLife.Ending ending)
    {
        _life.Cancel();
        _response?.Dispose();
        return ending;
    }
}
