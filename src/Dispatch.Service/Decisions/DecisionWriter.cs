using System.Buffers;
using System.Text.Json;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Decisions;

/// <summary>Writes what the log took note of, once a second and at the end. What the disk refuses is lost and counted; answers never wait.</summary>
internal sealed class DecisionWriter : IHostedService, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly DecisionLog _log;
    private readonly DecisionFiles _files;
    private readonly DecisionLogSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<DecisionWriter> _logger;
    private readonly Occasionally _telling;
    private readonly Lock _writing = new();
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private ITimer? _timer;

    /// <summary>Makes the writer; <see cref="StartAsync"/> starts it.</summary>
    public DecisionWriter(DecisionLog log, ServiceSettings settings, TimeProvider time, ILogger<DecisionWriter> logger)
    {
        (_log, _settings, _time, _logger) = (log, settings.DecisionLog, time, logger);
        _files = new(settings.State.Path, _settings.Megabytes * 1_000_000L, _settings.Files);
        _telling = new(time, TimeSpan.FromMinutes(1));
        _json = new(_lines);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        DecisionLogMessages.Begins(_logger, _settings.OneIn, _settings.PerSecond, _files.Path);
        _timer = _time.CreateTimer(static writer => ((DecisionWriter)writer!).Write(), this, Every, Every);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null) await _timer.DisposeAsync();
        Write();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _json.Dispose();
    }

    private void Write()
    {
        lock (_writing)
        {
            _log.Allow();
            int lines = 0;
            _lines.ResetWrittenCount();
            while (_log.Taken.TryRead(out DecisionRecord record))
            {
                _json.Reset();
                DecisionLine.Write(_json, record);
                _json.Flush();
                _lines.Write("\n"u8);
                lines++;
            }
            if (lines > 0) Append(lines);
        }
    }

    private void Append(int lines)
    {
        try
        {
            _files.Append(_lines.WrittenSpan);
            _log.Count(lines, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Count(0, lines);
            if (_telling.IsDue(out long before)) DecisionLogMessages.Fails(_logger, _files.Path, e.Message, before);
        }
    }
}

/// <summary>What is said of the log of decisions. Event ids 2620 to 2629.</summary>
internal static partial class DecisionLogMessages
{
    [LoggerMessage(EventId = 2620, Level = LogLevel.Information, Message = "One decision in {OneIn}, at most {PerSecond} a second, is written to {Path}.")]
    public static partial void Begins(ILogger logger, int oneIn, int perSecond, string path);

    [LoggerMessage(EventId = 2621, Level = LogLevel.Warning, Message = "Decisions cannot be written to {Path}: {Fault} ({Before} more failures since the last of these lines)")]
    public static partial void Fails(ILogger logger, string path, string fault, long before);
}
