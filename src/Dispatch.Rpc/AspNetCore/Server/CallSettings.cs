using System.IO.Compression;
using Grpc.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>A service's options, checked and resolved once when it is mapped. Immutable.</summary>
internal sealed class CallSettings
{
    public CallSettings(GrpcServiceOptions options, TimeProvider time, ILogger logger)
    {
        MaxReceiveBytes = Limit(options.MaxReceiveMessageSize, nameof(options.MaxReceiveMessageSize));
        MaxSendBytes = Limit(options.MaxSendMessageSize, nameof(options.MaxSendMessageSize));
        ResponseCompression = options.ResponseCompressionAlgorithm switch
        {
            null or "identity" => null,
            GzipCodec.Name => options.ResponseCompressionLevel ?? CompressionLevel.Fastest,
            string other => throw new InvalidOperationException($"Response compression '{other}' is not supported: use gzip or null."),
        };
        DetailedErrors = options.EnableDetailedErrors ?? false;
        Time = time;
        Logger = logger;
    }

    public int MaxReceiveBytes { get; }

    /// <summary>Whether a message may be larger than what Kestrel takes as a body by default, 30 MB.</summary>
    public bool ExceedsBodyLimit => MaxReceiveBytes > 29_000_000;

    public int MaxSendBytes { get; }

    public CompressionLevel? ResponseCompression { get; }

    public bool DetailedErrors { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    private static int Limit(int? bytes, string name) => bytes switch
    {
        null => int.MaxValue,
        < 0 => throw new InvalidOperationException($"{name} is {bytes}: it must not be negative."),
        _ => bytes.Value,
    };
}

/// <summary>Makes the settings of each mapped service.</summary>
internal sealed class CallSettingsFactory(IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
{
    public CallSettings Create<TService>()
        where TService : class
    {
        // A service without options of its own takes the server's as they are.
        bool own = services.GetServices<IConfigureOptions<GrpcServiceOptions<TService>>>().Any();
        GrpcServiceOptions options = own
            ? services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value
            : services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        return new CallSettings(options, time, loggers.CreateLogger<TService>());
    }
}
