namespace TrafficDispatch.Solve.Billing;

/// <summary>Round trips of served traffic, weighted by volume, in steps of a tenth of a millisecond. Not thread-safe.</summary>
internal sealed class LatencyTally
{
    private readonly List<long> _volume = [];
    private long _total;
    private Int128 _weighted;

    /// <summary>The step of a round trip.</summary>
    public static int StepOf(double rttMs) => (int)Math.Round(rttMs * 10, MidpointRounding.ToEven);

    /// <summary>Adds traffic.</summary>
    public void Add(int step, long volume)
    {
        while (_volume.Count <= step) _volume.Add(0);
        _volume[step] = checked(_volume[step] + volume);
        _total = checked(_total + volume);
        _weighted += (Int128)step * volume;
    }

    /// <summary>Mean, milliseconds; 0 without traffic.</summary>
    public double MeanMs => _total == 0 ? 0 : (double)_weighted / _total / 10;

    /// <summary>The least round trip that covers 95 % of the traffic, milliseconds; 0 without traffic.</summary>
    public double P95Ms
    {
        get
        {
            long covered = 0;
            for (int step = 0; step < _volume.Count; step++)
            {
                covered += _volume[step];
                if ((Int128)covered * 100 >= (Int128)_total * 95) return step / 10.0;
            }
            return 0;
        }
    }
}
