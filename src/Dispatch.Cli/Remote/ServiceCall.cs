using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Cli.Input;

namespace TrafficDispatch.Cli.Remote;

/// <summary>Calls a running service: where it is, who calls, how long to wait, and what its refusals mean for the exit code.</summary>
internal sealed class ServiceCall
{
    private const double DefaultSeconds = 5, AdminSeconds = 60, PlannerSeconds = 600;

    private readonly Terminal _terminal;
    private readonly RemoteEndpoint _endpoint;
    private readonly AdminCredential? _credential;
    private readonly TlsOptions _tls = new();
    private readonly Option<string?> _address;
    private readonly Option<double?> _timeout;
    private readonly double _seconds;

    private ServiceCall(Terminal terminal, RemoteEndpoint endpoint, AdminCredential? credential, double seconds)
    {
        (_terminal, _endpoint, _credential, _seconds) = (terminal, endpoint, credential, seconds);
        _address = new(endpoint.Option) { Description = $"The service's {endpoint.Description}; otherwise the variable {endpoint.Variable}, otherwise {endpoint.Default}", HelpName = "URL" };
        _timeout = NumberOption.Real("--timeout", "SECONDS", string.Create(CultureInfo.InvariantCulture, $"Wait so long for the answer; {seconds} where not given"), aboveZero: true);
    }

    /// <summary>Calls what answers.</summary>
    public static ServiceCall ToServing(Terminal terminal) => new(terminal, RemoteEndpoint.Serving, null, DefaultSeconds);

    /// <summary>Calls what changes; a change may wait for a solve, so it has longer.</summary>
    public static ServiceCall ToAdmin(Terminal terminal) => new(terminal, RemoteEndpoint.Admin, new AdminCredential(), AdminSeconds);

    /// <summary>Calls what plans: off the service's machine a viewer's token goes along, and an answer may take minutes.</summary>
    public static ServiceCall ToPlanner(Terminal terminal) => new(terminal, RemoteEndpoint.Serving, new AdminCredential(), PlannerSeconds);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_address);
        _credential?.AddTo(command);
        _tls.AddTo(command);
        command.Add(_timeout);
    }

    /// <summary>Makes one call.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="call">Starts the call.</param>
    /// <param name="write">Writes the reply.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>A code of <see cref="ExitCode"/>; what went wrong is written.</returns>
    public Task<int> RunAsync<TReply>(
        ParseResult parsed, Func<CallInvoker, CallOptions, AsyncUnaryCall<TReply>> call, Action<TReply> write, CancellationToken cancellation) => UseAsync(parsed, async (invoker, options) =>
    {
        using AsyncUnaryCall<TReply> pending = call(invoker, options);
        write(await pending.ResponseAsync);
    }, cancellation);

    /// <summary>Makes a call that is answered by a stream.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="call">Starts the call.</param>
    /// <param name="take">Takes each message.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>A code of <see cref="ExitCode"/>; what went wrong is written.</returns>
    public Task<int> RunStreamAsync<TReply>(
        ParseResult parsed, Func<CallInvoker, CallOptions, AsyncServerStreamingCall<TReply>> call, Action<TReply> take, CancellationToken cancellation) => UseAsync(parsed, async (invoker, options) =>
    {
        using AsyncServerStreamingCall<TReply> pending = call(invoker, options);
        while (await pending.ResponseStream.MoveNext(cancellation)) take(pending.ResponseStream.Current);
    }, cancellation);

    private async Task<int> UseAsync(ParseResult parsed, Func<CallInvoker, CallOptions, Task> use, CancellationToken cancellation)
    {
        string address = parsed.GetValue(_address) ?? _terminal.Variable(_endpoint.Variable) ?? _endpoint.Default, token = "";
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            _terminal.WriteFault($"the address is '{address}'; it must be a URL such as {_endpoint.Default}");
            return ExitCode.BadInput;
        }
        if (_credential is not null && !_credential.TryFind(parsed, uri, _terminal, out token)) return ExitCode.BadInput;
        if (!_tls.TryMake(parsed, uri, _terminal, out SocketsHttpHandler? handler)) return ExitCode.BadInput;
        TimeSpan wait = Seconds.ToTimeSpan(parsed.GetValue(_timeout) ?? _seconds)!.Value;
        using GrpcChannel channel = GrpcChannel.ForAddress(uri, new GrpcChannelOptions { TimeProvider = _terminal.Clock, HttpHandler = handler, DisposeHttpClient = true });
        Metadata headers = [];
        if (token.Length > 0) headers.Add("authorization", "Bearer " + token);
        CallOptions options = new(headers, _terminal.Clock.GetUtcNow().UtcDateTime + wait, cancellation);
        try
        {
            await use(channel.CreateCallInvoker(), options);
            return ExitCode.Done;
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            return Refused(address, e.Status, wait);
        }
    }

    /// <summary>What a status means for the exit code.</summary>
    public static int ToExitCode(StatusCode status) => status switch
    {
        StatusCode.OK => ExitCode.Done,
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.OutOfRange or StatusCode.AlreadyExists => ExitCode.BadInput,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.FailedPrecondition => ExitCode.NotAllowed,
        StatusCode.Cancelled => ExitCode.BudgetEnded,
        _ => ExitCode.Unavailable,
    };

    private int Refused(string address, Status status, TimeSpan wait)
    {
        int code = ToExitCode(status.StatusCode);
        string detail = status.Detail.Length == 0 ? status.StatusCode.ToString() : status.Detail;
        _terminal.WriteFault(status.StatusCode == StatusCode.DeadlineExceeded
            ? string.Create(CultureInfo.InvariantCulture, $"{address} gave no answer within {wait.TotalSeconds} s")
            : code == ExitCode.Unavailable ? $"{address} is unavailable ({status.StatusCode}): {detail}" : detail);
        if (code == ExitCode.Unavailable)
            _terminal.WriteHint($"where no service runs, start one with 'dotnet run -c Release --project src/Dispatch.Service', or name another with {_endpoint.Option} or {_endpoint.Variable}");
        return code;
    }
}
