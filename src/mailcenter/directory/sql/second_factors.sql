-- Second factors are the center's alone: no daemon sees them.
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_secondfactor, directory_recoverycode TO mc_center;
