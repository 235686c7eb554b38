"""What all networks share; import it once the environment is prepared."""
