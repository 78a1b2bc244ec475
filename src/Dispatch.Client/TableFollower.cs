using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>Follows the table of one service after the other and puts what comes in force. Its loop is one task.</summary>
internal sealed class TableFollower(ServiceList services, DispatchClientOptions options, TableHolding holding)
{
    private const int BeatsUntilSilence = 3;

    private int _failures, _tooOld;
    private bool _distrusted;

    /// <summary>Follows until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            string trouble = await TryFollowAsync(stop);
            holding.Lose();
            if (stop.IsCancellationRequested) return;
            options.OnTrouble?.Invoke($"{services.Address(0)}: {trouble}");
            services.Next();
            _failures++;
            try
            {
                await Task.Delay(Pause(), options.Time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Doubles from failure to failure. After a stream that ran the first pause is short: another service is there at once.</summary>
    private TimeSpan Pause()
    {
        double whole = Math.Min(options.MostBackoff.TotalMilliseconds, options.LeastBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 20)));
#pragma warning disable CA5394 // Spreads reconnections; nobody gains by guessing it.
        return TimeSpan.FromMilliseconds(whole * (0.5 + Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }

    /// <returns>Why it ended.</returns>
    private async Task<string> TryFollowAsync(CancellationToken stop)
    {
        using CancellationTokenSource silence = new(options.ConnectTimeout, options.Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(stop, silence.Token);
        try
        {
            await FollowAsync(silence, both.Token);
            return "the stream ended";
        }
        catch (InvalidDataException e)
        {
            // What is held may be the cause: the next stream starts from nothing.
            _distrusted = true;
            return e.Message;
        }
        catch (RpcException e)
        {
            return silence.IsCancellationRequested ? "nothing was heard of it for too long" : $"{e.StatusCode}: {e.Status.Detail}";
        }
        catch (OperationCanceledException)
        {
            return "nothing was heard of it for too long";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whoever listens to changes may throw anything; that must not end the following.
            _distrusted = true;
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private async Task FollowAsync(CancellationTokenSource silence, CancellationToken token)
    {
        TableSelection selection = options.Selection;
        WatchTableRequest request = new() { RegionIds = { selection.Regions }, Services = { selection.Services }, Prefixes = selection.Prefixes };
        HeldTable? held = _distrusted ? null : holding.Table?.Held;
        if (held is not null) request.Resume = held.ToResumePoint();
        using AsyncServerStreamingCall<TableUpdate> call = services.Routing(0).WatchTable(request, new CallOptions(cancellationToken: token));
        UpdateDraft? draft = null;
        TimeSpan patience = options.ConnectTimeout;
        while (await call.ResponseStream.MoveNext(token))
        {
            TableUpdate message = call.ResponseStream.Current;
            switch (message.PartCase)
            {
                case TableUpdate.PartOneofCase.Begin:
                    draft = new(held, message.Begin, selection);
                    RefuseOlder(draft.Version);
                    patience = TimeSpan.FromMilliseconds(BeatsUntilSilence * (double)Math.Max(1000, message.Begin.HeartbeatMs));
                    break;
                case TableUpdate.PartOneofCase.Rows:
                    Open(draft).Add(message.Rows);
                    break;
                case TableUpdate.PartOneofCase.Prefixes:
                    Open(draft).Add(message.Prefixes);
                    break;
                case TableUpdate.PartOneofCase.Overlay:
                    Open(draft).Overlay = message.Overlay;
                    break;
                case TableUpdate.PartOneofCase.End:
                    held = Open(draft).Finish(message.End);
                    holding.Put(new(held, OverlayBits.Of(draft!.Overlay, held.Table.Content.EdgeCount), isFromFile: false));
                    (draft, _failures, _tooOld, _distrusted) = (null, 0, 0, false);
                    break;
                case TableUpdate.PartOneofCase.Alive:
                    Check(message.Alive, held);
                    holding.Confirm();
                    break;
            }
            silence.CancelAfter(patience);
        }
    }

    private static UpdateDraft Open(UpdateDraft? draft) => draft ?? throw new InvalidDataException("A part of an update came without a beginning.");

    private static void Check(KeepAlive alive, HeldTable? held)
    {
        TableVersion? version = held?.Table.Version;
        if (version is not { } v || alive.TableEpoch != (ulong)v.Epoch || alive.TableVersion != (ulong)v.Number)
            throw new InvalidDataException($"The service takes us to hold {alive.TableEpoch}.{alive.TableVersion}; we hold {version?.ToString() ?? "nothing"}.");
    }

    /// <summary>Tables do not go back, so a service with an older one lags: another is tried. Where all are behind, their state was lost, and theirs counts.</summary>
    private void RefuseOlder(TableVersion version)
    {
        if (holding.Table is not { } table || version >= table.Version || _tooOld >= services.Count) return;
        _tooOld++;
        throw new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, $"it has {version}, older than {table.Version}"));
    }
}
