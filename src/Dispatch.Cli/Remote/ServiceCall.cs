using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Cli.Input;

namespace TrafficDispatch.Cli.Remote;

/// <summary>Calls a running service: where it is, how long to wait, and what its refusals mean for the exit code.</summary>
internal sealed class ServiceCall(Terminal terminal)
{
    /// <summary>Where the service listens when nobody says otherwise.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5051";

    /// <summary>The environment variable that names the service.</summary>
    public const string AddressVariable = "DISPATCH_ADDRESS";

    private const double DefaultSeconds = 5;

    /// <summary>Where the service is.</summary>
    public Option<string?> Address { get; } = new("--address")
    {
        Description = $"The service's gRPC endpoint; otherwise the variable {AddressVariable}, otherwise {DefaultAddress}",
        HelpName = "URL",
    };

    /// <summary>How long to wait for the answer.</summary>
    public Option<double?> Timeout { get; } = NumberOption.Real("--timeout", "SECONDS", "Wait so long for the answer; 5 where not given", aboveZero: true);

    /// <summary>Makes one call.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="call">Starts the call.</param>
    /// <param name="write">Writes the reply.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>A code of <see cref="ExitCode"/>; what went wrong is written.</returns>
    public async Task<int> RunAsync<TReply>(
        ParseResult parsed, Func<CallInvoker, CallOptions, AsyncUnaryCall<TReply>> call, Action<TReply> write, CancellationToken cancellation)
    {
        string address = parsed.GetValue(Address) ?? terminal.Variable(AddressVariable) ?? DefaultAddress;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            terminal.WriteFault($"the address is '{address}'; it must be a URL such as {DefaultAddress}");
            return ExitCode.BadInput;
        }
        TimeSpan wait = Seconds.ToTimeSpan(parsed.GetValue(Timeout) ?? DefaultSeconds)!.Value;
        using GrpcChannel channel = GrpcChannel.ForAddress(uri, new GrpcChannelOptions { TimeProvider = terminal.Clock });
        CallOptions options = new(deadline: terminal.Clock.GetUtcNow().UtcDateTime + wait, cancellationToken: cancellation);
        try
        {
            using AsyncUnaryCall<TReply> pending = call(channel.CreateCallInvoker(), options);
            write(await pending.ResponseAsync);
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
        terminal.WriteFault(status.StatusCode == StatusCode.DeadlineExceeded
            ? string.Create(CultureInfo.InvariantCulture, $"{address} gave no answer within {wait.TotalSeconds} s")
            : code == ExitCode.Unavailable ? $"{address} is unavailable ({status.StatusCode}): {detail}" : detail);
        if (code == ExitCode.Unavailable)
            terminal.WriteHint($"where no service runs, start one with 'dotnet run -c Release --project src/Dispatch.Service', or name another with --address or {AddressVariable}");
        return code;
    }
}
